// Holds the numbering plan and the recognition of whole numbers against
// libphonenumber of the same version.
//
//     node plan_oracle.mjs PACKAGE_DIRECTORY PROBE
//
// Prints one line per check and ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [, , packageDirectory, probe] = process.argv;
const LEADING = ['US', 'GB', 'DE', 'FR', 'IN', 'BR', 'CN', 'JP', 'RU', 'IT',
	'MX', 'AR'];
const NEAR_MISSES = 100000, DIALLED = 20000, AGREEMENT = 0.999;

/* Load the package with its inner names, which the rules below call. */
function load() {
	const source = fs.readFileSync(
		path.join(packageDirectory, 'dist/libphonenumber.js'), 'utf8');
	const hook = 'exports.default=i18n.phonenumbers;';
	const module = { exports: {} };
	const holder = {};
	new Function('module', 'exports', 'global', 'holder',
		source.replace(hook, hook + 'holder.inner=i18n.phonenumbers;'))(
		module, module.exports, globalThis, holder);
	return holder.inner;
}

const phonenumbers = load();
const util = phonenumbers.PhoneNumberUtil.getInstance();
const { PhoneNumberFormat: Format, PhoneNumberType: Type } = phonenumbers;
const metadata = phonenumbers.metadata.countryToMetadata;
const regions = Object.keys(metadata).filter((name) => isNaN(name)).sort();

let passed = 0, failed = 0;

/* Count and report one check. */
function check(name, holds, detail = '') {
	if (holds)
		passed++;
	else
		failed++;
	console.log(`${holds ? 'ok' : 'FAILED'} - ${name}${detail && ': ' + detail}`);
}

/* Put all questions to the probe; returns its answers. */
function ask(questions) {
	const run = spawnSync(probe, { input: questions.join('\n') + '\n',
		encoding: 'utf8', maxBuffer: 1 << 28 });
	if (run.status !== 0)
		throw new Error('the probe failed');
	return run.stdout.split('\n').slice(0, -1);
}

let seed = 20240731;

/* The next number of a fixed sequence, in [0, limit). */
function random(limit) {
	seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
	return Math.floor(seed / 4294967296 * limit);
}

/* All examples: region, type and parsed number. */
function examples() {
	const list = [];
	for (const region of regions)
		for (const type of Object.keys(Type)) {
			const number = util.getExampleNumberForType(region, Type[type]);
			if (number && util.isValidNumber(number))
				list.push({ region, type, number });
		}
	for (const code of util.getSupportedGlobalNetworkCallingCodes()) {
		const number = util.getExampleNumberForNonGeoEntity(code);
		if (number)
			list.push({ region: '-', type: 'GLOBAL', number });
	}
	return list;
}

/* libphonenumber's own rule for national numbers in text (VALID leniency). */
function showsNationalPrefix(number, raw) {
	const source = number.getCountryCodeSource();
	if (source !== 20)			// FROM_DEFAULT_COUNTRY
		return true;
	const main = util.getRegionCodeForCountryCode(number.getCountryCode());
	const data = util.getMetadataForRegion(main);
	if (!data)
		return true;
	const national = util.getNationalSignificantNumber(number);
	const format = util.chooseFormattingPatternForNumber_(
		data.numberFormatArray(), national);
	const rule = format && format.getNationalPrefixFormattingRule();
	if (!rule || format.getNationalPrefixOptionalWhenFormatting() ||
		util.formattingRuleHasFirstGroupOnly(rule))
		return true;
	return util.maybeStripNationalPrefixAndCarrierCode(
		new phonenumbers.__StringBuffer(raw), data, null);
}

phonenumbers.__StringBuffer = class {
	constructor(text) { this.text = text; }
	toString() { return this.text; }
	set(text) { this.text = String(text); }
	append(text) { this.text += text; return this; }
	clear() { this.text = ''; }
	getLength() { return this.text.length; }
};

/* Is the text a valid number for libphonenumber? */
function isValid(text, region, dialled) {
	try {
		const number = util.parseAndKeepRawInput(text, region);
		return util.isValidNumber(number) &&
			(!dialled || showsNationalPrefix(number, text));
	} catch {
		return false;
	}
}

/*
 * Every example number in every form must be found, whole and normalised.
 * National forms of fewer than seven digits are not looked for in text.
 */
function checkExamples() {
	const forms = [['E.164', Format.E164, false],
		['international', Format.INTERNATIONAL, false],
		['RFC 3966', Format.RFC3966, false],
		['national', Format.NATIONAL, true]];
	const list = examples();

	for (const [name, format, isNational] of forms) {
		const cases = list.filter((e) => !isNational || e.region !== '-' &&
			util.format(e.number, format).replace(/\D/g, '').length >= 7);
		const texts = cases.map((e) => util.format(e.number, format));
		const answers = ask(cases.map((e, i) =>
			`F ${isNational ? e.region : '- '} ${texts[i]}`));
		const wrong = cases.filter((e, i) =>
			answers[i] !== util.format(e.number, Format.E164));
		check(`${cases.length} example numbers in ${name} form`,
			wrong.length === 0, wrong.length === 0 ? '' :
				`${wrong.length} wrong, ` + wrong.slice(0, 40).map((e) =>
					`${e.region} ${e.type} ${util.format(e.number, format)} -> ${answers[cases.indexOf(e)]}`).join('; '));
	}
}

/* A string of digits close to a number: some digits changed, put in, left out. */
function mutate(digits, fixed) {
	const list = [...digits];
	for (let changes = 1 + random(4); changes > 0; changes--) {
		const at = fixed + random(list.length - fixed);
		const kind = random(8);
		if (kind === 0 && list.length > fixed + 3)
			list.splice(at, 1);
		else if (kind === 1)
			list.splice(at, 0, String(random(10)));
		else
			list[at] = String(random(10));
	}
	return list.join('');
}

/* Agreement with isValidNumber() on near misses of every leading region. */
function checkNearMisses() {
	for (const region of LEADING) {
		const code = String(util.getCountryCodeForRegion(region));
		const seeds = examples().filter((e) => e.region === region).map((e) =>
			code + util.getNationalSignificantNumber(e.number));
		const numbers = [];
		while (numbers.length < NEAR_MISSES)
			numbers.push(mutate(seeds[random(seeds.length)], code.length));
		compare(`${numbers.length} near misses of ${region}`, numbers,
			ask(numbers.map((n) => 'E ' + n)), (n) => isValid('+' + n, 'ZZ'));
	}
}

/* Agreement on what is dialled inside each region. */
function checkDialled() {
	for (const region of regions) {
		const code = String(util.getCountryCodeForRegion(region));
		const seeds = examples().filter((e) => e.region === region).flatMap((e) =>
			[util.getNationalSignificantNumber(e.number),
				util.format(e.number, Format.NATIONAL).replace(/\D/g, ''),
				code + util.getNationalSignificantNumber(e.number)]);
		const prefix = metadata[region][11];
		const abroad = prefix ? new RegExp('^(?:' + prefix + ')[1-9]') : /^$/;
		const numbers = [];
		const wanted = LEADING.includes(region) ? DIALLED : DIALLED / 20;
		if (seeds.length === 0)
			continue;
		while (numbers.length < wanted) {
			const number = mutate(seeds[random(seeds.length)], 0);
			if (!abroad.test(number))
				numbers.push(number);
		}
		compare(`${numbers.length} dialled in ${region}`, numbers,
			ask(numbers.map((n) => `D ${region} ${n}`)),
			(n) => isValid(n, region, true));
	}
}

/* Compare answers; every disagreement is named. */
function compare(name, numbers, answers, expected) {
	const wrong = [];
	let valid = 0;
	numbers.forEach((number, i) => {
		const want = expected(number);
		valid += want ? 1 : 0;
		if (want !== (answers[i] === '1'))
			wrong.push(`${number} (${want ? 'valid' : 'invalid'} there)`);
	});
	const share = 1 - wrong.length / numbers.length;
	check(name, share >= AGREEMENT, `${valid} valid, agreement ` +
		`${(share * 100).toFixed(3)} %` +
		(wrong.length ? '; ' + wrong.slice(0, 5).join(', ') : ''));
}

checkExamples();
checkNearMisses();
checkDialled();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
