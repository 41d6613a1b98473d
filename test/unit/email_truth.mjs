// Writes email_truth.tsv: values whose addresses are known because they were
// put there, and values that hold none.
//
//   node test/unit/email_truth.mjs > test/unit/email_truth.tsv
//
// Each line of the template list below is one way in which addresses, or what
// resembles them, are written; {words} are filled in at random with a fixed
// seed, [[ ]] stands around each address to be found.  The templates come in two
// sets, so that no wording of the set that is held out was seen while tuning:
// what the second set finds wrong must not be mended by looking at it, unless
// it moves to the first set and others take its place.
//
// Columns: set, class, value, and the addresses, one a column; \t, \n, \r and
// \\ are escaped.

let state = 20190523;
function random(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 4294967296 * n);
}
const pick = list => list[random(list.length)];
const digits = n => Array.from({ length: n }, () => random(10)).join('');
const hex = n => Array.from({ length: n }, () => pick([...'0123456789abcdef'])).join('');
const base = n => Array.from({ length: n }, () => pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'])).join('');

const first = ['ana', 'john', 'maria', 'wei', 'olga', 'pierre', 'fatima', 'lukas', 'emma', 'raj', 'sofia', 'tom', 'ingrid', 'marco', 'nadia', 'kenji', 'amelie', 'bruno', 'chloe', 'dmitri', 'x', 'jo'];
const last = ['sousa', 'smith', 'garcia', 'chen', 'ivanova', 'dupont', 'khan', 'meyer', 'jones', 'patel', 'rossi', 'okafor', 'larsen', 'bianchi', 'haddad', 'sato', 'martin', 'silva', 'dubois', 'petrov', 'ng', 'oneil'];
const word = ['acme', 'northwind', 'bluebird', 'studio', 'harbor', 'kite', 'lumen', 'quartz', 'vertex', 'willow', 'orchid', 'falcon', 'cedar', 'delta', 'ember', 'fjord'];
const tld = ['com', 'com', 'com', 'org', 'net', 'io', 'de', 'fr', 'pt', 'co.uk', 'com.br', 'co.jp', 'ru', 'it', 'es', 'nl', 'se', 'in', 'ca', 'com.au', 'edu', 'info', 'dev', 'app', 'email', 'photography', 'ch', 'pl', 'me', 'us'];
const provider = ['gmail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'gmx.de', 'web.de', 'qq.com', '163.com', 'yandex.ru', 'mail.ru', 'icloud.com', 'proton.me', 'orange.fr', 'libero.it', 'naver.com', 'yahoo.co.jp'];
const cap = s => s[0].toUpperCase() + s.slice(1);
const fill = {
  first: () => pick(first), last: () => pick(last), word: () => pick(word), tld: () => pick(tld),
  First: () => cap(pick(first)), Last: () => cap(pick(last)), Word: () => cap(pick(word)),
  LAST: () => pick(last).toUpperCase(), WORD: () => pick(word).toUpperCase(),
  provider: () => pick(provider),
  host: () => pick([() => pick(provider), () => `${pick(word)}.${pick(tld)}`, () => `${pick(word)}-${pick(word)}.${pick(tld)}`, () => `mail.${pick(word)}.${pick(tld)}`])(),
  local: () => pick([() => pick(first), () => `${pick(first)}.${pick(last)}`, () => `${pick(first)[0]}${pick(last)}`, () => `${pick(first)}_${pick(last)}`, () => `${pick(first)}${digits(2)}`, () => `${pick(last)}-${pick(first)}`, () => `${pick(first)}.${pick(last)}${digits(4)}`, () => pick(['info', 'sales', 'support', 'contact', 'office', 'hr', 'press'])])(),
  plain: () => pick(first.slice(0, 20)) + pick(last),
  d: () => digits(1), d2: () => digits(2), d4: () => digits(4), d8: () => digits(8), d10: () => digits(10), d14: () => '2019' + digits(10),
  v: () => `${random(20)}.${random(20)}.${random(20)}`, hex8: () => hex(8), hex32: () => hex(32), hex40: () => hex(40),
  b22: () => base(22), b30: () => base(30),
  uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  noun: () => pick(['invoice', 'meeting', 'ticket', 'delivery', 'booking', 'photo shoot', 'campaign']),
};

// p: holds addresses; n: holds none.
const tune = String.raw`
plain	[[{local}@{host}]]
plain	[[{first}.{last}@{host}]]
plain	[[{first}@{provider}]]
plain	[[{first}{d4}@{provider}]]
plain	[[{d10}@qq.com]]
plain	[[{first}.{last}.{d2}@student.{word}.edu]]
plain	[[{first}_{last}_{d2}@{host}]]
plain	[[{first}-{last}@{word}.{tld}]]
plain	[[{local}@{word}.museum]]
plain	[[{first}@sub.sub2.{word}.{tld}]]
plain	[[{first}.{last}@{word}.travel]]
plain	[[1{first}@{host}]]
plain	[[_{first}@{host}]]
plain	[[{first}__{last}@{host}]]
plain	[[{first}@{d}{word}.com]]
plain	[[{first}--{last}@{host}]]
blanks	  [[{local}@{host}]]
blanks	[[{local}@{host}]]\n
blanks	\t[[{local}@{host}]]\r\n
blanks	[[{local}@{host}]]   
tag	[[{first}+{word}@{provider}]]
tag	[[{first}.{last}+{word}-{d4}@{host}]]
tag	[[{first}+{d8}@{host}]]
tag	[[bounce+{first}=acme.com@lists.{word}.{tld}]]
tag	[[{first}+{word}_{word}@{provider}]]
case	[[{First}.{Last}@{host}]]
case	[[{LAST}@{WORD}.COM]]
case	[[{First}{Last}@Gmail.com]]
case	[[{First}@{Word}.Org]]
case	E-MAIL: [[{LAST}.{d2}@{WORD}.CO.UK]]
sentence	Please write to [[{local}@{host}]].
sentence	Please write to [[{local}@{host}]], or call.
sentence	My address is [[{local}@{host}]]!
sentence	Is it [[{local}@{host}]]?
sentence	({First} can be reached at [[{local}@{host}]])
sentence	Contact:[[{local}@{host}]]
sentence	For {noun}s: [[{local}@{host}]]; for the rest see our site.
sentence	{First} {Last}, [[{local}@{host}]], +1 202 555 0143
sentence	ask {First}...[[{local}@{host}]]
sentence	"[[{local}@{host}]]"
sentence	'[[{local}@{host}]]'
sentence	*[[{local}@{host}]]*
sentence	**[[{local}@{host}]]**
sentence	_Contact:_ [[{local}@{host}]] _now_
sentence	-[[{local}@{host}]]
sentence	- [[{local}@{host}]] ({noun})
sentence	[[{local}@{host}]]: your {noun} is ready
sentence	[[{local}@{host}]] - {First} {Last}
sentence	[[{local}@{host}]] wrote on Monday that the {noun} is done.
sentence	collabs 👉 [[{local}@{host}]] 👈 DM for {noun}
sentence	✉️[[{local}@{host}]]✨
sentence	📧: [[{local}@{host}]] | 📍 Lisbon
sentence	Model. Mom. Dreamer.\n[[{local}@{host}]]\n📸 {Word} Studio
sentence	[[{first}@{word}.com]].Thanks, {First}
sentence	the address ‘[[{local}@{host}]]’ bounced
sentence	l’adresse «[[{local}@{host}]]» est valide
sentence	see you @ the {noun}, or mail [[{local}@{host}]]
sentence	[[{local}@{host}]]…
sentence	[[{local}@{host}]]--{First}
sentence	[[{local}@{host}]]/+351 912 345 678
named	{First} {Last} <[[{local}@{host}]]>
named	"{Last}, {First}" <[[{local}@{host}]]>
named	<[[{local}@{host}]]>
named	[[{local}@{host}]] ({First} {Last})
named	To: {First} {Last} <[[{local}@{host}]]>, {First} <[[{local}@{host}]]>
named	From: [[{local}@{host}]] Subject: {noun}
named	Cc:[[{local}@{host}]];[[{local}@{host}]]
named	&lt;[[{local}@{host}]]&gt;
named	{First} {Last} [mailto:[[{local}@{host}]]]
mailto	mailto:[[{local}@{host}]]
mailto	MAILTO:[[{local}@{host}]]
mailto	mailto:[[{local}@{host}]]?subject=Hello%20there
mailto	<a href="mailto:[[{local}@{host}]]">write</a>
mailto	<a href='mailto:[[{local}@{host}]]?cc=[[{local}@{host}]]'>write</a>
mailto	smtp:[[{local}@{host}]]
mailto	SMTP:[[{local}@{host}]];smtp:[[{local}@{host}]]
list	[[{local}@{host}]],[[{local}@{host}]]
list	[[{local}@{host}]], [[{local}@{host}]], [[{local}@{host}]]
list	[[{local}@{host}]];[[{local}@{host}]]
list	[[{local}@{host}]] / [[{local}@{host}]]
list	[[{local}@{host}]]/[[{local}@{host}]]
list	[[{local}@{host}]] [[{local}@{host}]]
list	[[{local}@{host}]]\n[[{local}@{host}]]\n[[{local}@{host}]]
list	[[{local}@{host}]]|[[{local}@{host}]]
list	[[{local}@{host}]] or [[{local}@{host}]]
list	{[[{local}@{host}]],[[{local}@{host}]]}
list	["[[{local}@{host}]]", "[[{local}@{host}]]"]
list	1) [[{local}@{host}]] 2) [[{local}@{host}]]
encoded	[[{local}%40{host}]]
encoded	https://{word}.com/unsubscribe?email=[[{local}%40{host}]]&list=7
encoded	https://{word}.com/reset?u=[[{first}.{last}%40{host}]]
encoded	utm_source=x&to=[[{local}%40{host}]]
encoded	[[{local}\\u0040{host}]]
encoded	{"e":"[[{local}\\u0040{host}]]"}
encoded	[[{local}&#64;{host}]]
encoded	[[{local}&#x40;{host}]]
encoded	write to [[{local}&commat;{host}]] today
encoded	[[{local}＠{host}]]
encoded	%3C[[{local}%40{host}]]%3E
encoded	q=[[{first}%2B{word}%40{provider}]]&n=1
encoded	[[{first}&#64;{word}&#46;com]]
encoded	\\u003c[[{local}@{host}]]\\u003e
encoded	name=3D[[{local}@{host}]]
encoded	Hi,\\n[[{local}@{host}]]\\nBye
encoded	&quot;[[{local}@{host}]]&quot;
encoded	%20[[{local}@{host}]]%20
intl	[[josé@{host}]]
intl	[[müller.{last}@{word}.de]]
intl	[[françois.{last}@{host}]]
intl	[[{first}@müller-{word}.de]]
intl	[[{first}@españa.{tld}]]
intl	[[иван@почта.рф]]
intl	[[иван.петров@{word}.ru]]
intl	[[用户@例子.公司]]
intl	[[用户@{word}.com]]
intl	[[{first}@例え.jp]]
intl	[[δοκιμή@παράδειγμα.ελ]]
intl	[[{first}@xn--mller-kva.de]]
intl	[[{first}@xn--80a1acny.xn--p1ai]]
intl	[[{first}@{word}.xn--p1ai]]
intl	[[{first}@bücher.ch]], gruß
intl	[[सम्पर्क@डाटामेल.भारत]]
intl	[[{first}@MÜNCHEN.de]]
intl	пишите: [[иван@почта.рф]]!
intl	Пишите на [[{local}@{host}]], отвечу сразу
glued	邮箱：[[{local}@{host}]]
glued	邮箱[[{local}@{host}]]谢谢
glued	メール[[{local}@{word}.jp]]まで
glued	連絡先は[[{local}@{word}.co.jp]]です。
glued	联系[[{local}@{host}]]，电话13800138000
glued	이메일[[{local}@{provider}]]로 보내세요
glued	почта:[[{local}@{host}]];тел
glued	[[{local}@{host}]]。谢谢
glued	ติดต่อ[[{local}@{host}]]
quoted	[["{first} {last}"@{host}]]
quoted	[["{first}.{last}"@{host}]]
quoted	send to [["{first} ({noun})"@{host}]] please
quoted	[["{first}\\"{last}"@{host}]]
quoted	[["{first}@{last}"@{host}]]
quoted	{First} <[["{first} {last}"@{host}]]>
data	{"email":"[[{local}@{host}]]","id":{d4}}
data	{"email": "[[{local}@{host}]]", "phone": null}
data	{d4},{First},{Last},[[{local}@{host}]],2019-05-20
data	{d4}\t{First}\t[[{local}@{host}]]\tactive
data	"{d4}";"{First}";"[[{local}@{host}]]";"1"
data	INSERT INTO users VALUES ({d4}, '{first}', '[[{local}@{host}]]');
data	<email>[[{local}@{host}]]</email>
data	<user mail="[[{local}@{host}]]" id="{d4}"/>
data	email=[[{local}@{host}]]&name={first}
data	email=[[{local}@{host}]]
data	user={first} to=[[{local}@{host}]] status=sent
data	to=<[[{local}@{host}]]>, relay=mx.{word}.com[203.0.113.7]:25, delay=0.5
data	May 20 10:11:12 mx postfix/smtp[{d4}]: from=<[[{local}@{host}]]>
data	email: [[{local}@{host}]]
data	- email: "[[{local}@{host}]]"
data	user[email]=[[{local}@{host}]]
data	Author: {First} {Last} <[[{local}@{host}]]>
data	Signed-off-by: {First} {Last} <[[{local}@{host}]]>
data	BEGIN:VCARD\nFN:{First}\nEMAIL;TYPE=work:[[{local}@{host}]]\nEND:VCARD
data	ORGANIZER;CN={First}:mailto:[[{local}@{host}]]
data	uid=[[{local}@{host}]],ou=people,dc={word}
data	('{first}','[[{local}@{host}]]',NULL)
data	=HYPERLINK("mailto:[[{local}@{host}]]")
data	login failed for [[{local}@{host}]] from 203.0.113.{d2}
data	GET /users/[[{local}@{host}]]/orders HTTP/1.1
data	https://{word}.com/u/[[{local}@{host}]]
data	https://{word}.com/?email=[[{local}@{host}]]&v=2
data	arn:aws:ses:eu-west-1:{d4}:identity/[[{local}@{host}]]
data	/home/data/[[{local}@{host}]]/inbox
data	[[backup_{first}@{word}.com]]_2019.tar.gz
data	{a:[[{local}@{host}]]}
data	x||[[{local}@{host}]]||y
data	\x27[[{local}@{host}]]\x27
data	$email = "[[{local}@{host}]]";
data	UPDATE t SET e=[[{local}@{host}]] WHERE 1
data	https://{word}.com/confirm/[[{local}@{host}]]?token={hex32}
data	Return-Path: <[[{local}@{host}]]>
data	Reply-To: [[{local}@{host}]]
data	"from":{"name":"{First}","address":"[[{local}@{host}]]"}
combo	[[{local}@{host}]]:{hex8}
combo	[[{local}@{host}]]:{word}{d4}
combo	[[{local}@{host}]]:Pa55w0rd!
combo	[[{local}@{host}]]|{hex32}|{d4}
combo	{d4}:[[{local}@{host}]]:{hex32}
combo	[[{local}@{host}]];{hex40}
apostrophe	[[{first}.o'brien@{host}]]
apostrophe	[[d'angelo@{host}]]
apostrophe	[[r&d@{host}]]
obfuscated	[[{first} (at) {word} (dot) com]]
obfuscated	[[{first} [at] {word} [dot] com]]
obfuscated	[[{first} {at} {word} {dot} com]]
obfuscated	[[{plain}(at){word}(dot)com]]
obfuscated	[[{plain}[at]{provider}]]
obfuscated	[[{first}.{last} (at) {word}.org]]
obfuscated	[[{plain} AT {word} DOT com]]
obfuscated	[[{plain} AT gmail DOT com]] for {noun}s
obfuscated	mail me: [[{first} (at) {word} (dot) co (dot) uk]]!
obfuscated	[[{plain} at gmail dot com]]
obfuscated	[[{first} dot {last} at gmail dot com]]
obfuscated	[[{plain} @ {provider}]]
obfuscated	[[{plain} (@) {word}.com]]
obfuscated	Email: [[{plain} [AT] {word} [DOT] net]]
obfuscated	[[{first} (dot) {last} (at) {word} (dot) org]]
reserved	[[{first}@example.com]]
reserved	[[{first}.{last}@example.org]]
reserved	try [[{local}@mail.example.net]] instead
limits	[[{hex32}{hex32}@{host}]]
limits	[[{first}@{hex32}{hex8}.{tld}]]
limits	[[a@b.co]]
limits	[[{d}@{word}.com]]
special	[[$A{d4}@{word}.com]]
special	[[!def!xyz%abc@{word}.com]]
special	[[#!$%&'*+-/=?^_{}|~@{word}.org]]
special	[[{first}/{word}={d2}@{word}.com]]
runon	email:[[{local}@{word}.com]].Call +44 20 7946 0{d2}0
runon	[[{local}@{word}.com]].Best regards
runon	[[{local}@{host}]]\x0bnext
no-git	git@github.com:{word}/{word}.git
no-git	git@gitlab.{word}.com:{word}/{word}.git
no-git	git clone git@bitbucket.org:{word}/{word}.git
no-git	git+ssh://git@github.com/{word}/{word}.git
no-git	ssh://git@{word}.com:2222/{word}/{word}.git
no-git	git@ssh.dev.azure.com:v3/{word}/{word}
no-git	git remote add origin git@{word}.{tld}:{word}.git
no-git	"repository": "git@github.com:{word}/{word}"
no-ssh	ssh {first}@{word}.com
no-ssh	ssh -p 2222 {first}@{word}.com
no-ssh	ssh -i ~/.ssh/key.pem ec2-user@ec2-3-8-1-2.compute-1.amazonaws.com
no-ssh	scp dump.sql {first}@{word}.com:/var/backups/
no-ssh	scp {first}@{word}.com:~/x.tgz .
no-ssh	rsync -avz ./site/ deploy@{word}.com:/var/www
no-ssh	{first}@{word}.com:/home/{first}/file.txt
no-ssh	{first}@{word}.net:projects/{word}/a.c
no-ssh	sftp {first}@files.{word}.com
no-ssh	[{first}@{word}.com ~]$ ls -l
no-ssh	{first}@{word}.com:~$ uptime
no-ssh	ssh-copy-id {first}@{word}.org
no-ssh	ssh://{first}@{word}.com:22
no-ssh	sftp://{first}@{word}.com/in
no-dsn	postgres://{first}:{word}@db.{word}.com:5432/app
no-dsn	postgresql://{first}:{hex8}@{word}.{tld}/db?sslmode=require
no-dsn	mysql://root:{word}{d2}@{word}.com/shop
no-dsn	mongodb+srv://{first}:{hex8}@cluster0.{hex8}.mongodb.net/test
no-dsn	redis://:{hex32}@cache.{word}.com:6379/0
no-dsn	redis://{first}:{hex8}@cache.{word}.io:6379
no-dsn	amqp://guest:guest@mq.{word}.net//
no-dsn	https://{first}@{word}.com/
no-dsn	https://{first}:{hex8}@{word}.com/path
no-dsn	ftp://{first}:{word}@ftp.{word}.org/pub
no-dsn	DATABASE_URL=postgres://{first}:p@db.{word}.com/x
no-dsn	http://{first}:{word}@proxy.{word}.com:3128
no-dsn	http_proxy={first}:{word}@proxy.{word}.com:3128
no-dsn	jdbc:oracle:thin:{first}/{word}@db.{word}.com:1521:orcl
no-dsn	jdbc:oracle:thin:{first}/{word}@//db.{word}.com:1521/orcl
no-dsn	sqlplus {first}/{word}@db.{word}.com:1521/ORCL
no-dsn	https://oauth2:{hex40}@gitlab.com/{word}/{word}.git
no-dsn	https://{hex32}@sentry.{word}.com/{d4}
no-dsn	smtp://{first}:{hex8}@smtp.{word}.com:587
no-dsn	postgres://{first}:p/{hex8}@db.{word}.com/x
no-dsn	{first}:{hex8}@{word}.com:5432/app
no-package	{word}@{v}
no-package	lodash@4.17.21
no-package	@{word}/{word}@{v}
no-package	npm install {word}@latest {word}@^{v}
no-package	{word}@v{v}
no-package	https://unpkg.com/{word}@{v}/dist/{word}.min.js
no-package	https://cdn.jsdelivr.net/npm/@{word}/{word}@{v}/index.js
no-package	github.com/{word}/{word}@v{v}-0.20190523-{hex8}
no-package	uses: actions/checkout@v4
no-package	"{word}@npm:{v}":
no-package	python@3.11 node@18 openssl@1.1
no-package	@types/{word}
no-package	{word}@workspace:*
no-package	image: {word}/{word}@sha256:{hex32}{hex32}
no-package	{word}@{v}.zip
no-package	{word}@1.0.zip
no-package	pip install {word}@git+https://github.com/{word}/{word}
no-file	icon@2x.png
no-file	{word}@3x.jpg
no-file	/img/{word}@2x.png?v={d4}
no-file	{word}-{d2}x{d2}@2x.png
no-file	AppIcon60x60@2x~ipad.png
no-file	background: url({word}@2x.webp)
no-file	{word}@1.5x.png
no-file	logo@2x.ai
no-file	src/{word}@{word}.rs
no-file	{word}@{d}.tar.gz
no-file	report@final.docx
no-file	{word}@home.local
no-file	{word}@{d4}.log
no-handle	@{first}{last}
no-handle	follow @{word}.{word} on insta
no-handle	@{first}_{last} and @{first}{d2}
no-handle	@{first}@mastodon.social
no-handle	follow me: @{first}@{word}.social
no-handle	https://medium.com/@{first}.{last}
no-handle	https://mastodon.social/@{first}
no-handle	https://www.youtube.com/@{word}.{word}
no-handle	https://www.tiktok.com/@{first}.{last}/video/{d10}
no-handle	.@{word}.com is down again
no-handle	(via @{word})
no-handle	acct:{first}@{word}.social
no-handle	📸 @{word}.studio 💄 @{first}.makeup
no-msgid	Message-ID: <{b22}@mail.{word}.com>
no-msgid	Message-Id: <{d14}.{hex8}@{word}.com>
no-msgid	In-Reply-To: <{b30}@{word}.net>
no-msgid	References: <{d14}.{b22}@{word}.com> <{d14}.{b22}@{word}.org>
no-msgid	<CA+{b30}{b22}@mail.gmail.com>
no-msgid	message_id={d14}.{hex8}@{word}.com
no-msgid	{"message_id": "<{uuid}@{word}.com>"}
no-msgid	Content-ID: <part1.{hex8}.{d8}@{word}.com>
no-msgid	<img src="cid:image001.png@01D{hex8}.{hex8}">
no-msgid	<img src="cid:{hex8}@{word}.com">
no-msgid	postfix/cleanup[{d4}]: {hex8}: message-id=<{d14}.{hex8}@{word}.com>
no-msgid	X-Google-Original-Message-ID: <{b30}@{word}.com>
no-msgid	<{d14}.{d8}.{hex8}@{word}.com>
no-msgid	<{uuid}@{word}.com>
no-msgid	{b30}@mail.gmail.com
no-code	@Override public void run()
no-code	@app.route("/users")
no-code	@{word}.task(bind=True)
no-code	@media (max-width: {d4}px) { a { color: red } }
no-code	@import url("x.css");
no-code	@param {first} the {noun}
no-code	\${user}@\${host}.com
no-code	{{user}}@{{host}}
no-code	{{ user }}@{word}.com
no-code	\${first_name}@{word}.com
no-code	%(user)s@{word}.com
no-code	%s@{word}.com
no-code	$user@{word}.com
no-code	<user>@{word}.com
no-code	[name]@{word}.com
no-code	#{user}@{word}.com
no-code	x = A @ B.T
no-code	y = W@x.T + b
no-code	{word}@localhost
no-code	{word}@{word}
no-code	root@{hex8}:/# apt update
no-code	DEFINER=\`root\`@\`localhost\`
no-code	GRANT ALL ON *.* TO 'app'@'%.{word}.com'
no-code	'{first}'@'{word}.com'
no-code	java.lang.Object@{hex8}
no-code	com.{word}.User@{hex8}
no-code	getty@tty1.service
no-code	systemctl restart {word}@{d}.service
no-code	user@1000.target
no-code	-----BEGIN PGP MESSAGE-----\n{b30}@{b22}
no-host	{local}@{word}.invalid
no-host	{local}@{word}.test
no-host	{local}@{word}.example
no-host	{local}@{word}.local
no-host	{local}@{word}.internal
no-host	{local}@{word}.lan
no-host	{local}@{word}.corp
no-host	{local}@{word}.con
no-host	{local}@{word}.comm
no-host	{local}@{word}
no-host	{local}@127.0.0.1
no-host	{local}@[192.168.2.{d2}]
no-host	{local}@{word}..com
no-host	{local}@.{word}.com
no-host	{local}@-{word}.com
no-host	{local}@{word}.c
no-host	{local}@{word}_x.com
no-host	{local}@{word}-.com
no-syntax	{first}.@{host}
no-syntax	.{first}@{host}
no-syntax	{first}..{last}@{host}
no-syntax	@{host}
no-syntax	{local}@
no-syntax	{first} @ {word}
no-syntax	{local}@ {noun}
no-syntax	{first}@{word}@{host}
no-syntax	{hex32}{hex32}a@{host}
no-syntax	""@{host}
no-syntax	{local} at {word}
no-syntax	a"b(c)d,e:f;g@h@{host}
no-price	{d} @ {d}.{d2}
no-price	{d2} pcs @ $4.50 each
no-price	10@5.99 USD
no-price	lunch @ 12.30
no-price	call @ 5.pm
no-price	meet 8@9.pm
no-map	https://www.google.com/maps/@37.77{d2},-122.41{d2},15z
no-map	https://www.google.com/maps/place/{Word}/@41.1{d2},-8.6{d2},17z/data=!3m1
no-other	sip:{first}@{word}.com
no-other	sips:{first}@voip.{word}.net;transport=tls
no-other	xmpp:{first}@{word}.im
no-other	HTTP/www.{word}.com@{WORD}.COM
no-other	host/db1.{word}.com@{WORD}.COM
no-other	nfs/server@{WORD}.ORG
no-other	1{d10}@c.us
no-other	1{d10}@s.whatsapp.net
no-other	1{d10}-{d10}@g.us
no-masked	j***@{word}.com
no-masked	j***n@{provider}
no-masked	j***@e***.com
no-masked	****@{provider}
no-masked	{first}***@***.com
no-masked	[email protected]
no-words	meet me at dot com headquarters
no-words	the cafe at {word} dot com
no-words	look at this. dot your i
no-words	he works at {word} and she at {word}
no-words	founder @ {word}.io
no-words	CEO @ {word}.com
no-words	we are (at) home
no-words	dinner at {word}.com office
no-words	email me at home
no-words	polka dot dress at the {noun}
no-words	{First} AT WORK
no-words	connect the dot to dot
plain	[[{first}{last}{d2}@{provider}]]
plain	[[{first}.{first}.{last}@{host}]]
plain	[[{d4}{last}@{word}.{tld}]]
plain	[[{first}@{word}.gov.uk]]
plain	[[{first}.{last}@{word}.onmicrosoft.com]]
plain	[[m.{last}@{word}.ac.jp]]
plain	[[{last}.{first}-{last}@{host}]]
plain	[[no-reply@{host}]]
plain	[[{first}@{word}.{word}.{word}.{tld}]]
plain	[[{first}@{word}.xyz]]
plain	[[{first}_@{host}]]
plain	[[{first}.x@{word}.technology]]
blanks	\n\n[[{local}@{host}]]\n\n
blanks	[[{local}@{host}]],
blanks	[[{local}@{host}]];
tag	[[{first}.{last}+shop@{provider}]]
tag	[[reply+{hex32}@{word}.com]]
tag	[[{first}+{first}+{d2}@{host}]]
case	[[{First}@{WORD}.com]]
case	[[{LAST}.{First}@{word}.DE]]
case	[[{First}.{Last}@{Word}.Co.Uk]]
bio	Stylist to the stars ⭐️ Bookings: [[{local}@{host}]]
bio	{First} {Last} | {noun} | [[{local}@{host}]] | She/Her
bio	🇧🇷 São Paulo\n📩 [[{local}@{host}]]\n👇 new video
bio	Mgmt: [[{first}@{word}.agency]] / Press: [[{last}@{word}.media]]
bio	Business inquiries➡️[[{local}@{host}]]⬅️
bio	blogger • {Word} ambassador • [[{local}@{host}]]
bio	{Word} CEO @{word}.io — [[{first}@{word}.io]]
bio	Snap: {first}{d2} IG: @{first}.{last} mail: [[{local}@{host}]]
bio	"Live laugh love" [[{local}@{host}]] NYC->LA
bio	For promo =>[[{local}@{host}]]<=
bio	♡{first}♡ contact~[[{local}@{host}]]~
bio	BOOK ME: [[{LAST}@{WORD}.NET]]
bio	Inquiries/[[{local}@{host}]]
bio	E-mail/[[{local}@{host}]]
bio	e: [[{local}@{host}]] t: 020 7946 0{d2}1
bio	[[{local}@{host}]] ← {noun}s
sentence	Kindly forward it to [[{local}@{host}]] by 5pm.
sentence	Send {d} copies to [[{local}@{host}]] and {d} to {First}.
sentence	The customer ([[{local}@{host}]]) called about a {noun}.
sentence	Re: {noun} [{First}, [[{local}@{host}]]]
sentence	Escríbeme a [[{local}@{host}]]¡gracias!
sentence	Meine Adresse lautet [[{local}@{host}]].
sentence	„[[{local}@{host}]]“
sentence	Veuillez contacter : [[{local}@{host}]] ; merci
sentence	{First}'s address, [[{local}@{host}]], has changed
sentence	old: [[{local}@{host}]] -> new: [[{local}@{host}]]
sentence	cc'd [[{local}@{host}]] & [[{local}@{host}]]
sentence	#{d4} [[{local}@{host}]] #{noun}
sentence	user [[{local}@{host}]] reported: "the {noun} @ 5 failed"
sentence	[[{local}@{host}]] <- wrong, use [[{local}@{host}]]!!
sentence	{First} (née {Last}) – [[{local}@{host}]]
sentence	~ [[{local}@{host}]] ~
sentence	mail to [[{local}@{host}]]
sentence	Sent from my phone by [[{local}@{host}]] at 10:31
sentence	ssh access? ask [[{first}@{word}.com]]
sentence	for git questions write to [[{first}@{word}.com]]
sentence	References: [[{first}@{word}.com]], +1 202 555 0177
sentence	Two tickets @ 25 each, paid by [[{local}@{host}]]
sentence	P.S.:[[{local}@{host}]]
named	{First} O'{Last} <[[{local}@{host}]]>
named	{Last} {First}<[[{local}@{host}]]>
named	=?UTF-8?B?w6E=?= <[[{local}@{host}]]>
named	Undisclosed <[[{local}@{host}]]>; {First} <[[{local}@{host}]]>;
named	"[[{local}@{host}]]" <[[{local}@{host}]]>
named	{First} {Last} ([[{local}@{host}]])
named	\t{First}\t<[[{local}@{host}]]>\t2019
mailto	[{First}](mailto:[[{local}@{host}]])
mailto	mailto:[[{local}@{host}]],[[{local}@{host}]]
mailto	href=mailto:[[{local}@{host}]]>
mailto	<mailto:[[{local}@{host}]]>
list	[[{local}@{host}]]\t[[{local}@{host}]]
list	[[{local}@{host}]]&[[{local}@{host}]]
list	[[{local}@{host}]] + [[{local}@{host}]]
list	[[{local}@{host}]]\\n[[{local}@{host}]]
list	['[[{local}@{host}]]', '[[{local}@{host}]]']
list	<li>[[{local}@{host}]]</li><li>[[{local}@{host}]]</li>
list	[[{local}@{host}]]•[[{local}@{host}]]
list	[[{local}@{host}]]、[[{local}@{host}]]
encoded	/login?next=%2F&user=[[{local}%40{host}]]
encoded	https://{word}.{tld}/#/verify/[[{local}%40{host}]]/{hex8}
encoded	cookie: uid=[[{local}%40{host}]]; path=/
encoded	"text":"mail [[{local}\\u0040{host}]] now"
encoded	<a href="&#109;">[[{local}&#064;{host}]]</a>
encoded	from%3A[[{local}%40{host}]]%20is%3Aunread
encoded	email%3D[[{local}%40{host}]]%26x
encoded	[[{plain}＠{word}．com]]
intl	[[søren.{last}@{word}.dk]]
intl	[[{first}.nuñez@{host}]]
intl	[[{first}@kæle-{word}.dk]]
intl	[[{first}@{word}.みんな]]
intl	[[ana@пример.com]]
intl	[[анна_{d2}@{word}.ru]]
intl	[[{first}@xn--fsqu00a.xn--55qx5d]]
intl	[[łukasz@{word}.pl]], {First}
intl	[[ΝΙΚΟΣ@παράδειγμα.ελ]]
intl	لللتواصل: [[{local}@{host}]]
intl	כתבו ל[[{local}@{host}]]
glued	商务合作请联系[[{local}@{host}]]哦
glued	微信同号,邮件[[{local}@163.com]]
glued	お問い合わせは[[{local}@{word}.jp]]へ
glued	QQ邮箱：[[{d8}@qq.com]]（工作）
glued	문의:[[{local}@{provider}]]입니다
quoted	[["{first}  {last}"@{host}]]
quoted	<[["{first},{last}"@{host}]]>
quoted	To: [["{first}:{d2}"@{host}]]
data	[{"mail":"[[{local}@{host}]]"},{"mail":"[[{local}@{host}]]"}]
data	{d4};[[{local}@{host}]];{First};;{d4}
data	ou=x,cn={first},mail=[[{local}@{host}]]
data	key="[[{local}@{host}]]", other='{word}'
data	{ email: '[[{local}@{host}]]', age: {d2} }
data	("{First}" "[[{local}@{host}]]" {d2})
data	email\x09[[{local}@{host}]]
data	<td>[[{local}@{host}]]</td>
data	<contact type='mail'>[[{local}@{host}]]</contact>
data	git log: commit {hex40} by [[{local}@{host}]]
data	Co-authored-by: {First} <[[{d8}+{first}{last}@users.noreply.github.com]]>
data	ATTENDEE;RSVP=TRUE:MAILTO:[[{local}@{host}]]
data	rcpt to:<[[{local}@{host}]]>
data	user:[[{local}@{host}]] action:login ip:203.0.113.9
data	[2019-05-20 10:00] [[{local}@{host}]] logged in
data	[[{local}@{host}]] - - [20/May/2019:10:00:00 +0000] "GET / HTTP/1.1" 200
data	?utm_medium=email&email=[[{local}@{host}]]#top
data	https://{word}.com/invite?to=[[{local}@{host}]],[[{local}@{host}]]
data	https://{word}.com:8443/users/[[{local}@{host}]]
data	s3://{word}-bucket/exports/[[{local}@{host}]]/data.csv
data	C:\\Users\\[[{first}@{word}.com]]\\Documents
data	set user.email [[{local}@{host}]]
data	git config user.email "[[{local}@{host}]]"
data	admin_email = [[{local}@{host}]]
data	notify=[[{local}@{host}]],[[{local}@{host}]]
data	0 5 * * * MAILTO=[[{local}@{host}]]
data	SELECT * FROM u WHERE lower(e)=lower('[[{local}@{host}]]')
data	E'[[{local}@{host}]]\\n'
data	"""[[{local}@{host}]]"""
data	a:1:{s:5:"email";s:20:"[[{local}@{host}]]";}
data	{"{first}","[[{local}@{host}]]"}
data	%[[{local}@{host}]]%
data	|{First}|[[{local}@{host}]]|{d4}|
data	\x60[[{local}@{host}]]\x60
data	"[[{local}@{host}]]"=>"{d2}"
data	#define MAINTAINER "[[{local}@{host}]]"
data	X-Spam: score=1.2 rcpt=[[{local}@{host}]] q={d4}
data	maintainer [[{local}@{host}]] (2016-{d4})
combo	[[{local}@{host}]]:qwerty
combo	[[{local}@{host}]]:$2y$10\${b22}{b30}
combo	[[{local}@{host}]]:{d8}
combo	[[{local}@{host}]],{hex32},{d4}
combo	{First}:{Last}:[[{local}@{host}]]:{d10}
apostrophe	[[{first}'{last}@{host}]]
apostrophe	the 'cc' is '[[{local}@{host}]]'.
obfuscated	[[{plain} [ at ] {word} [ dot ] com]]
obfuscated	reach [[{first}.{last}[at]{word}.{tld}]] for {noun}s
obfuscated	[[{plain}{at}{word}.com]]
obfuscated	[[{first}_{last} (AT) {word} (DOT) de]]
obfuscated	[[{plain} at yahoo dot com]] please
obfuscated	[[{plain} (arroba) {word} (punto) es]]
obfuscated	insta closed, mail: [[{plain}(at){provider}]]
obfuscated	[[{plain} AT {word} DOT co DOT uk]]
reserved	[[user{d2}@example.net]]
reserved	<[[{first}@example.com]]>
limits	[[{hex32}{b30}@{host}]]
limits	[[x@y.io]]
special	[[{first}!{last}@{word}.com]]
special	[[{first}#{d2}@{word}.com]]
runon	[[{local}@{word}.com]].My number is 5
runon	[[{local}@{word}.de]].Viele Grüße
runon	[[{local}@{word}.org]].Привет
no-git	git@{word}.com:~{first}/{word}.git
no-git	url = git@github.com:{word}/{word}-{word}.git
no-git	npm i git+ssh://git@gitlab.com:{word}/{word}.git#v{v}
no-git	fatal: could not read from git@{word}.org:{d4}/{word}
no-git	pip install git+https://git@{word}.com/{word}/{word}.git@master
no-ssh	$ ssh root@{word}.com
no-ssh	ssh -A -L 5432:localhost:5432 {first}@bastion.{word}.com
no-ssh	rsync -e 'ssh -p 22' a.txt {first}@{word}.com:/tmp
no-ssh	scp -r build/ {first}@{word}.org:www/html/
no-ssh	{first}@{word}.com:~# reboot
no-ssh	sshfs {first}@nas.{word}.com:/data /mnt
no-ssh	{first}@{word}.com:/srv/git/{word}.git
no-dsn	mysql://{first}@db.{word}.com/x
no-dsn	postgres://{first}:%40{hex8}@{word}.com/x
no-dsn	url: "mongodb://{first}:{hex8}@a.{word}.com:27017,b.{word}.com:27017/x"
no-dsn	clickhouse://default:{hex8}@ch.{word}.{tld}:9440/default
no-dsn	rtsp://admin:{d4}@cam.{word}.com/stream
no-dsn	ldap://cn:{hex8}@ldap.{word}.com
no-dsn	https://user:{word}!{d2}@api.{word}.dev/v1/x?y=1
no-dsn	wss://{hex8}@live.{word}.io/socket
no-dsn	Data Source={first}/{word}@ora.{word}.com:1521/XE
no-dsn	socks5://{first}:{word}@{word}.net:1080
no-package	"@{word}/{word}": "^{v}"
no-package	yarn add {word}@{v} @{word}/core@next
no-package	go get {word}.io/x/{word}@latest
no-package	brew install postgresql@15
no-package	/nix/store/{hex32}-{word}@{v}
no-package	{word}@{v}-rc.{d}
no-package	{word}@{v}_{word}@{v}
no-package	registry.npmjs.org/{word}/-/{word}@{v}.tgz
no-package	kotlinx@{v}.jar
no-package	require({word}@{v}/index.js)
no-file	{word}_{d2}@2x.png {word}_{d2}@3x.png
no-file	<img src="/a/{word}@2x.jpg" alt="">
no-file	{word}@1x.svg
no-file	srcset="{word}.png 1x, {word}@2x.png 2x"
no-file	{word}@print.css
no-file	thumb@640x480.jpg
no-file	{word}@{d4}-{d2}.csv
no-handle	instagram.com/@{word}
no-handle	thanks @{word}.official !
no-handle	with @{first}.{last} and @{word}.com
no-handle	@{first}@{word}.online
no-handle	IG @{word}.co | TT @{word}.me
no-handle	https://www.threads.net/@{word}.{first}
no-handle	model @{word}models 📷 @{first}.photo
no-msgid	Message-ID:\n <{b30}@{word}.com>
no-msgid	"Message-ID": "<{b22}.{d10}@{word}.org>"
no-msgid	msgid=<{d10}.{hex8}@mx.{word}.com>
no-msgid	In-Reply-To: <{uuid}@{word}.com>\nReferences: <{uuid}@{word}.com>
no-msgid	<{b30}@email.amazonses.com>
no-msgid	<{b30}AA0@AM0PR01MB{d4}.eurprd01.prod.outlook.com>
no-msgid	Resent-Message-ID: <{b22}@{word}.net>
no-msgid	Content-Id: <{uuid}@{word}.com>
no-code	@Autowired private {Word} {word};
no-code	@pytest.fixture
no-code	@keyframes spin { from { } }
no-code	a = b @ c.dot
no-code	{{first}}.{{last}}@{{domain}}
no-code	<%= user %>@<%= host %>
no-code	f"{name}@{word}.com"
no-code	'{first}'@'localhost'
no-code	$(whoami)@{word}
no-code	[object@{hex8}]
no-code	{Word}Controller@index
no-code	@see {Word}#{word}()
no-code	int *p = &x@{d};
no-code	{hex8}@{hex8}
no-code	{{ .User }}@{word}.io
no-code	\${USER}@{word}.com
no-code	:{word}@{d2}
no-host	{local}@{word}.localdomain
no-host	{local}@{word}.home.arpa.local
no-host	{local}@10.0.0.{d2}
no-host	{local}@{word}.cmo
no-host	{local}@{word},com
no-host	{local}@{word} com
no-host	{local}@com
no-host	{local}@{word}.123
no-host	{local}@{word}.gmial
no-host	{local}@{word}.domain
no-syntax	@
no-syntax	a@
no-syntax	@@{host}
no-syntax	{local}@@{host}
no-syntax	{first}@.com
no-syntax	{first}@{last}@{word}.com
no-syntax	N/A @ {noun}
no-price	{d2}kg @ {d2}.{d2}/kg
no-price	BUY 100 @ 24.15 LIMIT
no-price	3@{d}.50
no-price	rate@{d}.{d}%
no-price	7pm @ {word}
no-map	@{d2}.{d4},{d2}.{d4}
no-map	maps/search/{word}/@51.5{d2},-0.1{d2},12.5z
no-other	sip:{d4}@pbx.{word}.com:5060
no-other	"xmpp:{first}@chat.{word}.org"
no-other	DNS/ns1.{word}.com@{WORD}.NET
no-other	49{d10}@s.whatsapp.net
no-other	acct:{first}@{word}.online
no-masked	{first}****@{provider}
no-masked	m*****a@{word}.com
no-masked	xxx@xxx
no-words	see you at the {noun} dot
no-words	the dot at the end
no-words	we met at {word} dot io last year
no-words	art director @ {word}.studio
no-words	now @ {word}.com!
no-words	(at) last, a {noun}
no-words	visit us at {word} DOT com
no-words	LOOK AT THIS DOT
plain	[[{first}.{last}@{word}.{word}.ac.uk]]
plain	[[{first}@{word}24.eu]]
plain	[[{d2}{first}{d2}@{provider}]]
plain	[[webmaster@www.{word}.{tld}]]
plain	[[{last}@{word}.consulting]]
plain	[[{first}-{d4}@{word}.co.in]]
plain	[[x{hex8}@{host}]]
tag	[[{first}.{last}+{word}+{word}@{host}]]
case	[[{first}.{LAST}@{Word}.COM]]
blanks	 \t [[{local}@{host}]] \t 
bio	👩‍🎤 singer | 📧[[{local}@{host}]] | 🎟️ tour
bio	Actor. Rep: {First} {Last} ([[{first}@{word}.com]])
bio	📍LA ✈️ Paris\n✉ [[{local}@{host}]]
bio	Official page of {First} {Last}. Bookings via [[{local}@{host}]] only. No DMs @{word}
bio	Contact👇🏽\n[[{local}@{host}]]
bio	prints → [[{local}@{host}]] // shop ↓
bio	Founder @{word} | [[{local}@{host}]]
bio	snapchat: {first}{d2}\nbusiness: [[{local}@{host}]]
bio	✨[[{first}{last}@{provider}]]✨{First}✨
bio	Yoga•Travel•Food 💌[[{local}@{host}]]
bio	Press/PR: [[press@{word}.com]], Legal: [[legal@{word}.com]]
note	Called {First}, will email [[{local}@{host}]] re {noun} tmrw
note	cust says [[{local}@{host}]] bounces; try [[{local}@{host}]]
note	Tel 020 7946 0{d2}3 / Email [[{local}@{host}]] / ref {d8}
note	changed email from [[{local}@{host}]] to [[{local}@{host}]] on 12/05/2019
note	[[{local}@{host}]] {First} {Last} {d2} High St
note	*** VIP *** [[{local}@{host}]] ***
note	emailed invoice{d4}.pdf -> [[{local}@{host}]]
note	see thread w/ [[{local}@{host}]] (attached {word}@2x.png)
note	primary:[[{local}@{host}]] secondary:[[{local}@{host}]]
note	Escribir a:[[{local}@{host}]]\nTel:{d8}
log	time=2019-05-20T10:00:00Z level=info email=[[{local}@{host}]] ip=203.0.113.5
log	{"ts":1558346400,"user":{"email":"[[{local}@{host}]]"}}
log	DEBUG sending to ([[{local}@{host}]])... ok
log	NOQUEUE: reject: RCPT from x[203.0.113.5]: from=<[[{local}@{host}]]> to=<[[{local}@{host}]]> proto=ESMTP
log	User [[{local}@{host}]] (id={d4}) deleted
log	auth: Info: user=<[[{local}@{host}]]>, method=PLAIN
log	stripe: cus_{b22} [[{local}@{host}]] created
data	email,first\n[[{local}@{host}]],{First}\n[[{local}@{host}]],{First}
data	{"to":["[[{local}@{host}]]"],"cc":[]}
data	a:{"b":"[[{local}@{host}]]"}
data	[email=[[{local}@{host}]]]write[/email]
data	<person email="[[{local}@{host}]]">{First}</person>
data	\\"email\\":\\"[[{local}@{host}]]\\"
data	email => [[{local}@{host}]],
data	:email: [[{local}@{host}]]
data	EMAIL="[[{local}@{host}]]" npm test
data	curl -d 'mail=[[{local}@{host}]]' https://{word}.com
data	https://{word}.com/a?m=[[{local}%40{host}]]
data	https://calendar.{word}.com/u?cid=[[{local}%40{host}]]&x
data	https://gravatar.com/{hex32}?u=[[{local}@{host}]]
data	u'[[{local}@{host}]]'
data	["{d4}","[[{local}@{host}]]",true]
data	'[[{local}@{host}]]';'{First}'
data	([[{local}@{host}]])
data	<<[[{local}@{host}]]>>
data	{{[[{local}@{host}]]}}
intl	[[zoë.{last}@{host}]]
intl	[[ольга@{word}.com]]
intl	[[{first}@{word}.бел]]
intl	[[{first}@köln.de]]
intl	write to [[andré@café-{word}.fr]]!
glued	客服邮箱:[[{local}@{host}]]电话:{d8}
glued	请发送至[[{local}@{host}]]。
glued	メール：[[{local}@{word}.com]]（平日）
obfuscated	[[{plain}[at]{word}[dot]org]]
no-words	{plain} (at) gmail no
obfuscated	write [[{plain}(at){word}.{tld}]] ok
obfuscated	[[{plain} [at] {word} dot com]]
obfuscated	[[{plain} at hotmail dot com]]
quoted	[["{first}.."@{host}]]
combo	[[{local}@{host}]] {hex8}
combo	[[{local}@{host}]]	{word}{d2}
reserved	e.g. [[john.doe@example.com]]
runon	[[{local}@{word}.com]]Phone: 5
no-git	origin	git@github.com:{word}/{word}.git (fetch)
no-git	git@codeberg.org:{first}/{word}
no-git	docker build git@github.com:{word}/{word}.git#main
no-ssh	scp -P 22 {first}@{word}.com:/x/y .
no-ssh	ssh {first}@{word}.com -N -L 80:localhost:80
no-ssh	ssh -o StrictHostKeyChecking=no ubuntu@app.{word}.com
no-ssh	{first}@web1.{word}.com:/opt$
no-dsn	"postgres://{first}:{hex8}@pg.{word}.com:5432/{word}?x=1"
no-dsn	amqps://{first}:{hex8}@rabbit.{word}.cloud/{word}
no-dsn	http://{first}@{word}.com/x
no-dsn	mongodb://{first}:{word}%21@m.{word}.net/admin
no-dsn	https://{hex32}:{hex32}@o{d4}.{word}.io/{d4}
no-package	react@{v} react-dom@{v}
no-package	@{word}/ui@{v} has no exported member
no-package	deno add jsr:@{word}/{word}@{v}
no-package	{word}==1.0 @ https://{word}.com/x.whl
no-file	{word}@2x.gif,{word}@4x.gif
no-file	assets/icons/{word}@3x.png
no-handle	pic by @{first}.{last}.photo
no-handle	@{word}.co.uk 💕 @{first}
no-handle	Find me: @{first}@fosstodon.org and @{first}@{word}.dev
no-msgid	References: <{uuid}@{word}.com>
no-msgid	message-id: {b30}@{word}.com
no-msgid	<{d10}.{d8}.{d10}.JavaMail.root@{word}.com>
no-code	@Component({ selector: 'app-{word}' })
no-code	@{word}.setter
no-code	{{email.local}}@{{email.domain}}.com
no-code	user-{d4}@{word}
no-code	$email@$domain.com
no-host	{local}@{word}.dmg
no-host	{local}@{word}.loc
no-host	{local}@{d2}.{d2}.{d2}.{d2}
no-host	{local}@{word}.intranet
no-syntax	{local}@ {host}x
no-syntax	{local}(a){word}
no-price	{d} tickets @ {d2}.00 ea
no-price	5@10% off
no-map	/maps/@-{d2}.{d4},{d2}.{d4},10z
no-other	sip:+1{d10}@{word}.com
no-other	cifs/fs.{word}.com@{WORD}.COM
no-masked	{first}.***@{word}.com
no-masked	**{d2}@qq.com
no-words	i'm at {word} dot ly soon
no-words	photographer @ {word}.me
no-words	point at the dot
`;

// Not to be looked at while tuning.
const held = String.raw`
plain	[[{first}.{last}@alumni.{word}.edu]]
plain	[[{first}{last}@{word}-{word}.org.uk]]
plain	[[{last}{d}@{word}.gov]]
plain	[[{first}_{d4}@{provider}]]
plain	[[{first}.{last}@eu.{word}.bank]]
plain	[[{d10}@139.com]]
plain	[[team+{word}@{word}.ai]]
plain	[[{first}@{word}.pl]]
plain	[[{hex8}@privaterelay.appleid.com]]
case	[[{First}{Last}@{Word}{Word}.com]]
case	[[{first}@{WORD}.ORG]]
bio	{First} 🌸 {d2} 🌸 [[{local}@{host}]] 🌸
bio	Booking ➡ [[{local}@{host}]]\nTickets ⬇
bio	Model @{word}mgmt · [[{local}@{host}]] · {d2}y
bio	hello! i'm {first} :) email [[{local}@{host}]] <3
bio	⚡️ Work with me ⚡️ [[{local}@{host}]]⚡️
bio	ig @{first}{d2} / tw @{last} / [[{local}@{host}]]
bio	Collab➕PR:[[{local}@{host}]]➕
bio	For collaborations contact [[{local}@{host}]]👈🏻❤️
note	Spoke to {First} ({d2}yo), prefers [[{local}@{host}]].
note	{d2}/{d2}/2019 10:15 - sent {noun} to [[{local}@{host}]]; no reply
note	duplicate of [[{local}@{host}]]?
note	[[{local}@{host}]] = {First}; [[{local}@{host}]] = {First}
note	[x] [[{local}@{host}]] [ ] [[{local}@{host}]]
note	left msg @ 3pm, follow up [[{local}@{host}]]
note	> From [[{local}@{host}]] Mon May 20
note	name:{First},mail:[[{local}@{host}]],tel:{d8}
note	paypal [[{local}@{host}]] €25,00
note	"{noun}" <- [[{local}@{host}]]
log	Received: from x by y for <[[{local}@{host}]]>; Mon, 20 May 2019
log	sasl_username=[[{local}@{host}]]
log	actor="[[{local}@{host}]]" verb=update
log	WARN bounce [[{local}@{host}]]: 550 5.1.1 unknown user
log	{"email":"[[{local}@{host}]]","roles":["admin"],"sub":"{uuid}"}
log	POST /login email=[[{local}%40{host}]]&pw=xxx
log	imap-login: Login: user=<[[{local}@{host}]]>, rip=203.0.113.4
data	{"a":{"b":["x","[[{local}@{host}]]"]}}
data	{d4}|{First}|{Last}|[[{local}@{host}]]|{uuid}
data	<a:email>[[{local}@{host}]]</a:email>
data	COPY users FROM stdin;\n{d4}\t[[{local}@{host}]]\t\\N
data	values (1,'[[{local}@{host}]]'),(2,'[[{local}@{host}]]')
data	$to = '[[{local}@{host}]]';
data	export ADMIN=[[{local}@{host}]]
data	"{First} {Last}","[[{local}@{host}]]","{d8}"
data	[[{local}@{host}]]\r\n[[{local}@{host}]]\r\n
data	https://{word}.org/p?u=[[{local}@{host}]]#frag
data	https://mail.google.com/mail/u/0/?to=[[{local}%40{host}]]
data	otpauth://totp/{Word}:[[{local}@{host}]]?secret={WORD}
data	mailto:[[{local}%40{host}]]
data	gs://{word}/u=[[{local}@{host}]]/part-0
data	"contact": {"email": "[[{local}\\u0040{host}]]"},
data	key=val;email=[[{local}@{host}]];x=y
intl	[[jürgen.{last}@{word}.de]]
intl	[[{first}@żółw.pl]]
intl	[[李伟@{word}.cn]]
intl	[[{first}@{word}.中国]]
glued	邮件：[[{local}@{host}]]；传真：{d8}
glued	联系人{First}邮箱[[{local}@{host}]]
quoted	[["{first} at work"@{host}]]
obfuscated	[[{plain} [at] {word} [dot] com]] (no spam)
obfuscated	[[{plain}(at){word}.co.uk]]
obfuscated	[[{plain} AT {word} DOT org]]
combo	[[{local}@{host}]]:{word}!{d2}
combo	[[{local}@{host}]];{word}{d4};{hex32}
reserved	[[test@example.com]]
reserved	[[{first}@www.example.org]]
no-git	ssh -T git@github.com
no-git	git submodule add git@{word}.io:{word}/{word}.git lib
no-ssh	ssh deploy@{word}.dev 'uptime'
no-ssh	rsync -a . backup@{word}.com:/srv
no-ssh	scp a.txt b.txt {first}@{word}.edu:~
no-dsn	postgresql+asyncpg://{first}:{hex8}@db.{word}.com/x
no-dsn	nats://{first}:{word}@n1.{word}.io:4222
no-dsn	DSN=https://{hex32}@o1.ingest.{word}.io/{d4}
no-dsn	imaps://{first}:{hex8}@imap.{word}.com
no-package	npx {word}@{v} init
no-package	"{word}": "npm:@{word}/{word}@{v}"
no-package	FROM {word}/{word}:1@sha256:{hex40}
no-file	hero@2x.avif
no-file	{word}@2x.min.png
no-handle	@{word}.{tld}
no-handle	shot by @{first}.{last}, styled by @{word}.co
no-handle	@{first}@{word}.masto.host
no-msgid	Message-ID: <{uuid}@mail.{word}.org>
no-msgid	References: <{b22}{d8}@{word}.com>
no-code	@Inject() private {word}: {Word}
no-code	@{word}.get("/")
no-code	{first}@{hex8}
no-code	{{ user.name }}@{{ site.domain }}
no-host	{local}@{word}.vm
no-host	{local}@{word}.domain.invalid
no-host	{local}@db{d}
no-syntax	{first}@@{word}.com
no-syntax	{first}@{word}
no-price	{d} @ €{d}.{d2}
no-price	{d2}@{d2}.{d2}
no-map	@{d2}.{d4},-{d2}.{d4},3a,75y
no-other	sip:{first}.{last}@sip.{word}.com
no-other	ldap/dc1.{word}.com@{WORD}.COM
no-masked	{first}*****@{word}.com
no-masked	*****{d2}@{provider}
no-words	host of show @ {word}.tv
no-words	stay at home dot org
no-words	{First} (at) {Word}
`;

const escape = s => s.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
const unescape = s => s.replace(/\\x([0-9a-f]{2})|\\([tnr$`\\])/g, (_, x, c) => x ? String.fromCharCode(parseInt(x, 16)) : { t: '\t', n: '\n', r: '\r' }[c] ?? c);
const INSTANCES = 5;
const rows = new Map();

function instantiate(set, line) {
  const [kind, ...rest] = line.split('\t');
  for (let i = 0; i < INSTANCES; i++) {
    let text = unescape(rest.join('\t')).replace(/\{(\w+)\}/g, (all, name) => fill[name] ? fill[name]() : all);
    const found = [...text.matchAll(/\[\[(.*?)\]\]/gs)].map(m => m[1]);
    if (!kind.startsWith('no-'))
      text = text.replace(/\[\[(.*?)\]\]/gs, '$1');
    rows.set(text, [set, kind, text, ...(kind.startsWith('no-') ? [] : found)].map(escape).join('\t'));
  }
}

for (const line of tune.trim().split('\n')) instantiate('tune', line);
for (const line of held.trim().split('\n')) instantiate('held', line);
process.stdout.write([...rows.values()].join('\n') + '\n');
