/*
 * email_context.c
 *		What looks like an address and, by what stands around it, is none.
 *
 * Every trap has a function of its own that says what it is about.  Each looks
 * at no more than LOOK_BACK bytes to the left and LOOK_AHEAD to the right.
 */
#include "email_parts.h"

#define LOOK_BACK 128
#define LOOK_AHEAD 64

/* A candidate with its surroundings. */
typedef struct Candidate
{
	const PiiText *text;
	const PiiSign *sign;
	const PiiHost *host;
	size_t		start;
	size_t		end;
	char		before;			/* byte before it, or NUL */
	char		after;			/* byte after it, or NUL */
} Candidate;

/* Is this one of the characters that words in a path or a key are made of? */
static bool
is_word(char c)
{
	return pii_is_alnum(c) || c == '_' || c == '-';
}

/* Where the word that ends at `end` begins. */
static size_t
word_start(const PiiText *text, size_t end)
{
	size_t		at = end;

	while (at > 0 && end - at < LOOK_BACK && is_word(text->bytes[at - 1]))
		at--;
	return at;
}

/* Is the local part this word? */
static bool
local_is(const Candidate *c, const char *word)
{
	size_t		n = strlen(word);

	return c->sign->start - c->start == n && pii_word_at(c->text, c->start, word, n);
}

/* a@b@c: a chain of at-signs is a handle of the Fediverse, a route, a guest */
static bool
is_chained(const Candidate *c)
{
	return c->before == '@' || c->after == '@';
}

/* The user in an URL's authority, with or without a password. */
static bool
is_userinfo(const Candidate *c)
{
	const PiiText *text = c->text;
	size_t		at = c->start;
	size_t		authority;
	size_t		slash = SIZE_MAX;
	size_t		colon = SIZE_MAX;
	size_t		i;

	while (at >= 3 && c->start - at < LOOK_BACK)
	{
		char		b = text->bytes[at - 1];

		if (b == '/' && text->bytes[at - 2] == '/' && text->bytes[at - 3] == ':')
			break;
		if (pii_is_blank(b) || b == '"' || b == '<' || b == '>' || b == '@')
			return false;
		at--;
	}
	if (at < 3 || text->bytes[at - 1] != '/' || text->bytes[at - 2] != '/' ||
		text->bytes[at - 3] != ':')
		return false;
	authority = at;
	at = word_start(text, authority - 3);
	if (pii_word_at(text, at, "mailto", 6))
		return false;

	for (i = authority; i < c->start; i++)
	{
		char		b = text->bytes[i];

		if (b == ':' && colon == SIZE_MAX && slash == SIZE_MAX)
			colon = i;
		if ((b == '/' || b == '?' || b == '#') && slash == SIZE_MAX)
			slash = i;
	}
	if (slash == SIZE_MAX)
		return true;
	/* A slash may stand in a password, but host:8080/ is a host. */
	if (colon == SIZE_MAX || pii_is_digit(text->bytes[colon + 1]) ||
		memchr(text->bytes + authority, '.', colon - authority) != NULL)
		return false;
	return true;
}

/* user:password@host:port/db and user/password@host:port without a scheme */
static bool
is_login(const Candidate *c)
{
	static const char *const keys[] = {
		"address", "at", "bcc", "cc", "contact", "correo", "e-mail", "email",
		"e_mail", "from", "mail", "mailto", "reply-to", "replyto", "smtp",
		"to", NULL
	};
	const PiiText *text = c->text;
	size_t		word;
	char		edge;

	if (c->before != ':' && c->before != '/')
		return false;
	word = word_start(text, c->start - 1);
	if (word == c->start - 1 || pii_is_digit(text->bytes[word]) ||
		pii_word_among(text->bytes + word, c->start - 1 - word, keys))
		return false;
	edge = pii_byte_before(text, word);
	if (edge != '\0' && edge != '=' && edge != '"' && edge != '\'' &&
		edge != ':' && !pii_is_blank(edge))
		return false;
	if (c->after == ':')
	{
		size_t		port = c->end + 1;

		while (port - c->end < 7 && pii_is_digit(pii_byte(text, port)))
			port++;
		return pii_byte(text, c->end + 1) == '/' ||
			(port > c->end + 1 && !is_word(pii_byte(text, port)));
	}
	return c->after == '/' && (is_word(pii_byte(text, c->end + 1)));
}

/* HTTP/www.example.com@REALM: a service, and its realm in capitals */
static bool
is_service(const Candidate *c)
{
	const PiiText *text = c->text;
	size_t		i;

	if (c->before != '/' || word_start(text, c->start - 1) == c->start - 1)
		return false;
	for (i = c->host->start; i < c->host->end; i++)
		if (text->bytes[i] >= 'a' && text->bytes[i] <= 'z')
			return false;
	return true;
}

/* git@host:path, user@host:/path, user@host:~/path and prompts */
static bool
is_remote_path(const Candidate *c)
{
	const PiiText *text = c->text;
	size_t		at = c->end + 1;
	size_t		stop;

	if (local_is(c, "git") &&
		(c->after == ':' || c->after == '/' ||
		 pii_host_under(c->host, "github.com") ||
		 pii_host_under(c->host, "gitlab.com") ||
		 pii_host_under(c->host, "bitbucket.org")))
		return true;
	if (c->after != ':')
		return false;
	if (pii_byte(text, at) == '/' || pii_byte(text, at) == '~')
		return true;
	stop = at + LOOK_AHEAD;
	while (at < stop && (is_word(pii_byte(text, at)) || pii_byte(text, at) == '.'))
		at++;
	if (at == c->end + 1)
		return false;
	if (pii_byte(text, at) == '/')
		return true;
	return at - c->end > 5 && pii_word_at(text, at - 4, ".git", 4);
}

/* ssh user@host, with options in between */
static bool
is_command(const Candidate *c)
{
	static const char *const commands[] = {
		"ssh", "scp", "sftp", "rsync", "mosh", "ssh-copy-id", "sshfs",
		"sqlplus", "autossh", "sshpass", NULL
	};
	const PiiText *text = c->text;
	size_t		at = c->start;
	int			arguments = 0;	/* since the last option */

	while (at > 0 && c->start - at < LOOK_BACK)
	{
		size_t		end = at;
		size_t		word;

		while (end > 0 && text->bytes[end - 1] == ' ')
			end--;
		word = end;
		while (word > 0 && end - word < LOOK_BACK &&
			   !pii_is_blank(text->bytes[word - 1]))
			word--;
		if (end == at || word == end)
			return false;
		at = word;
		while (word < end && (text->bytes[word] == '$' ||
							  text->bytes[word] == '`' ||
							  text->bytes[word] == '('))
			word++;
		if (pii_word_among(text->bytes + word, end - word, commands))
			return arguments == 0 || c->after == ':';
		if (word < end && text->bytes[word] == '-')
			arguments = 0;
		else if (++arguments > 1 && c->after != ':')
			return false;
	}
	return false;
}

/* "[user@host ~]$" */
static bool
is_prompt(const Candidate *c)
{
	size_t		at = c->end;
	size_t		stop = at + LOOK_AHEAD;

	if (c->before != '[' || c->after != ' ')
		return false;
	while (at < stop && pii_byte(c->text, at) != ']')
	{
		if (pii_byte(c->text, at) == '\0' || pii_byte(c->text, at) == '\n')
			return false;
		at++;
	}
	return at < stop && (pii_byte(c->text, at + 1) == '$' ||
						 pii_byte(c->text, at + 1) == '#');
}

/* sip:user@host, acct:user@host, ...: an address, but not of a mailbox */
static bool
is_other_scheme(const Candidate *c)
{
	static const char *const schemes[] = {
		"acct", "aim", "cid", "git", "h323", "im", "jid", "matrix", "mid",
		"msrp", "pres", "scp", "sftp", "sip", "sips", "skype", "ssh", "xmpp",
		NULL
	};
	size_t		colon = c->start - 1;
	size_t		word;

	if (c->before == '+' && colon > 0)	/* sip:+1... */
		colon--;
	if (c->text->bytes[colon] != ':')
		return false;
	word = word_start(c->text, colon);
	return pii_word_among(c->text->bytes + word, colon - word, schemes);
}

/* How many ASCII digits are in the local part? */
static size_t
local_digits(const Candidate *c)
{
	size_t		n = 0;
	size_t		i;

	for (i = c->start; i < c->sign->start; i++)
		n += pii_is_digit(c->text->bytes[i]);
	return n;
}

/* Is the local part what a program makes up to be unique? */
static bool
is_made_up(const Candidate *c)
{
	return c->sign->start - c->start >= 16 && local_digits(c) >= 8;
}

/*
 * Where the key that the value at `at` belongs to ends, as in "Message-ID: <"
 * or {"message_id": "<; 0 if there is none.  Identifiers in angle brackets that
 * stand between, as References has them, are passed over.
 */
static size_t
key_end(const Candidate *c)
{
	const PiiText *text = c->text;
	size_t		at = c->start;
	bool		separator = false;
	bool		bracket = false;

	while (at > 0 && c->start - at < LOOK_BACK)
	{
		char		b = text->bytes[at - 1];

		if (b == '>' && bracket)
		{
			while (at > 0 && c->start - at < LOOK_BACK &&
				   text->bytes[at - 1] != '<')
				at--;
			if (pii_byte_before(text, at) != '<')
				return 0;
		}
		else if (b == ':' || b == '=')
			separator = true;
		else if (b == '<')
			bracket = true;
		else if (b != '"' && b != '\'' && b != ',' && b != '\\' &&
				 !pii_is_blank(b))
			break;
		at--;
	}
	return separator || bracket ? at : 0;
}

/* Hosts in whose name nobody has a mailbox, but programs make up identifiers. */
static bool
is_made_up_host(const Candidate *c)
{
	static const char *const hosts[] = {
		"mail.gmail.com", "mail.yahoo.com", "email.amazonses.com",
		"email.android.com", NULL
	};

	return c->sign->start - c->start >= 16 &&
		(pii_word_among(c->host->name, c->host->length, hosts) ||
		 pii_host_under(c->host, "prod.outlook.com"));
}

/* Message-ID: <...@...>, and the other places of mail where such stand */
static bool
is_message_id(const Candidate *c)
{
	static const char *const keys[] = {
		"content-id", "content_id", "contentid", "in-reply-to", "in_reply_to",
		"inreplyto", "messageid", "message-id", "message_id", "msg-id",
		"msg_id", "msgid", NULL
	};
	static const char *const weak_keys[] = {
		"references", "thread", "thread-id", "thread_id", "uid", NULL
	};
	size_t		end = key_end(c);
	size_t		word = word_start(c->text, end);
	size_t		n = end - word;

	if (n == 0)
		return c->before == '<' && c->after == '>' && is_made_up(c) &&
			c->start == end + 1;
	if (pii_word_among(c->text->bytes + word, n, keys))
		return true;
	if (n > 10 && pii_word_at(c->text, end - 10, "message-id", 10))
		return true;
	return is_made_up(c) &&
		pii_word_among(c->text->bytes + word, n, weak_keys);
}

/* icon@2x.ai, pkg@1.0.zip, 8@9.pm, src/a@b.rs: files, versions and times */
static bool
is_file_or_version(const Candidate *c)
{
	static const char *const hours[] = {"am", "pm", NULL};
	const PiiHost *host = c->host;
	const char *top = host->name + host->top;
	size_t		n = host->length - host->top;
	size_t		digits = 0;
	size_t		from = host->name[0] == 'v' ? 1 : 0;

	while (from + digits < host->length && pii_is_digit(host->name[from + digits]))
		digits++;
	if (digits > 0 && from == 0 && host->name[digits] == 'x' &&
		(host->name[digits + 1] == '.' || host->name[digits + 1] == '-'))
		return true;
	if (digits > 0 && host->name[from + digits] == '.')
	{
		if (host->labels > 2 && pii_is_digit(host->name[from + digits + 1]))
			return true;
		if (host->labels == 2 && digits <= 2 &&
			(pii_host_like_file(host) || pii_word_among(top, n, hours)))
			return true;
	}
	if (host->labels == 2 && n == 6 && memcmp(top, "target", 6) == 0)
		return true;
	return (c->before == '/' || c->before == '\\') && host->labels == 2 &&
		pii_host_like_file(host) && c->after != '/' &&
		memchr(c->text->bytes + c->start, '.', c->sign->start - c->start) == NULL;
}

/* ${user}x@host, $user@host, %(user)s@host, j***n@host */
static bool
is_template(const Candidate *c)
{
	const PiiText *text = c->text;

	switch (c->before)
	{
		case '}':
		case '$':
			return true;
		case ')':
			return c->sign->start - c->start == 1;
		case '%':
			return c->sign->start - c->start <= 2;
		case '*':
			return c->after != '*' && c->start >= 2 &&
				(text->bytes[c->start - 2] == '*' ||
				 pii_is_alnum(text->bytes[c->start - 2]));
		default:
			return c->after == '*' && pii_is_alnum(pii_byte(text, c->end + 1));
	}
}

/* 15551234567@c.us: a messenger's name for a telephone */
static bool
is_messenger(const Candidate *c)
{
	return pii_host_is(c->host, "s.whatsapp.net") ||
		((pii_host_is(c->host, "c.us") || pii_host_is(c->host, "g.us")) &&
		 local_digits(c) >= 6);
}

/*
 * Is the candidate something else than an address?  The order is that of cost:
 * what looks at two bytes comes first.
 */
bool
pii_email_vetoed(const PiiText *text, const PiiSign *sign,
				 const PiiHost *host, const PiiLocal *local)
{
	Candidate	c;

	c.text = text;
	c.sign = sign;
	c.host = host;
	c.start = local->start;
	c.end = host->end;
	c.before = pii_byte_before(text, c.start);
	c.after = pii_byte(text, c.end);

	if (is_chained(&c) || is_messenger(&c) || is_made_up_host(&c) ||
		is_remote_path(&c))
		return true;
	if (!local->quoted && (is_template(&c) || is_file_or_version(&c)))
		return true;
	if (local->start == 0)
		return false;
	return is_other_scheme(&c) || is_service(&c) || is_login(&c) ||
		is_prompt(&c) || is_message_id(&c) || is_userinfo(&c) ||
		is_command(&c);
}
