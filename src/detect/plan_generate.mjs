// Compiles libphonenumber's metadata into plan_data.c.
//
//     node plan_generate.mjs PACKAGE_DIRECTORY > plan_data.c
//
// PACKAGE_DIRECTORY is the unpacked npm package named below, in exactly that
// version: what is written must be the same bytes wherever it is run.
//
// The patterns of all regions of a calling code become one automaton over the
// digits of the national significant number; its accepting states carry a
// label (which of the code's regions, mobile or not, whether national dialling
// must show the trunk prefix).  The rules by which dialled digits are turned
// into that number (trunk prefixes, carrier codes, area codes that may be left
// out) become short lists of rewrites.  Their patterns, the international
// prefixes and the patterns of what is at least viable in a region live in the
// same table of transitions, in which equal states are one state.
import fs from 'node:fs';
import path from 'node:path';
import { dialAnywhere } from './plan_anywhere.mjs';

const PACKAGE = 'google-libphonenumber';
const VERSION = '3.2.47';

// Members of PhoneMetadata, PhoneNumberDesc and NumberFormat, by the numbers
// that libphonenumber's protocol definition gives them.
const GENERAL = 1, MOBILE = 3, COUNTRY_CODE = 10, INTERNATIONAL_PREFIX = 11,
	NATIONAL_PREFIX = 12, PREFIX_FOR_PARSING = 15, TRANSFORM_RULE = 16,
	FORMATS = 19, LEADING_DIGITS = 23;
const TYPES = [2, 3, 4, 5, 6, 7, 8, 21, 25, 28];
const PATTERN = 2, POSSIBLE_LENGTHS = 9;
const FORMAT_PATTERN = 1, FORMAT_LEADING_DIGITS = 3, FORMAT_PREFIX_RULE = 4,
	FORMAT_PREFIX_OPTIONAL = 6;

// Bits of a label; the five lowest are the place of the region.
const LABEL_VALID = 0x80, LABEL_REQUIRED = 0x40, LABEL_MOBILE = 0x20;

const LONGEST = 17;				// digits of the longest national number
const SHORTEST_DIALLED = 3;		// digits with which regions are looked up,
const DIALLED_LENGTHS = 17;		// below this many
const CHANCE_LENGTHS = [4, 15];	// first and last length with a chance

// ---------------------------------------------------------------------------
// The package's data.

/* Evaluate the package and hand out its metadata object. */
function loadMetadata(directory) {
	const about = JSON.parse(fs.readFileSync(
		path.join(directory, 'package.json'), 'utf8'));
	if (about.name !== PACKAGE || about.version !== VERSION)
		throw new Error(`need ${PACKAGE} ${VERSION}`);
	const hook = 'exports.default=i18n.phonenumbers;';
	const source = fs.readFileSync(
		path.join(directory, 'dist/libphonenumber.js'), 'utf8');
	if (!source.includes(hook))
		throw new Error('the package no longer exports as expected');
	const module = { exports: {} };
	const holder = {};
	new Function('module', 'exports', 'global', 'holder',
		source.replace(hook, hook + 'holder.metadata=i18n.phonenumbers.metadata;'))(
		module, module.exports, globalThis, holder);
	return holder.metadata;
}

// ---------------------------------------------------------------------------
// Regular expressions over digits, as far as the metadata uses them.

/* Parse a pattern into a tree of nodes: set, cat, alt, repeat, group, end. */
function parseRegex(text) {
	let at = 0;
	const all = 0x3ff;

	function parseSet() {
		let mask = 0;
		for (at++; text[at] !== ']'; at++) {
			const low = +text[at];
			let high = low;
			if (text[at + 1] === '-') {
				high = +text[at + 2];
				at += 2;
			}
			for (let digit = low; digit <= high; digit++)
				mask |= 1 << digit;
		}
		at++;
		return { kind: 'set', mask };
	}

	function parseAtom() {
		const char = text[at];
		if (char === '[')
			return parseSet();
		if (char === '(') {
			const captures = !text.startsWith('(?:', at);
			at += captures ? 1 : 3;
			const inner = parseAlternatives();
			if (text[at++] !== ')')
				throw new Error('unbalanced: ' + text);
			return captures ? { kind: 'group', inner } : inner;
		}
		if (char === '$') {
			at++;
			return { kind: 'end' };
		}
		if (text.startsWith('\\d', at)) {
			at += 2;
			return { kind: 'set', mask: all };
		}
		if (/\d/.test(char)) {
			at++;
			return { kind: 'set', mask: 1 << +char };
		}
		throw new Error('cannot read ' + text + ' at ' + at);
	}

	function parsePiece() {
		const atom = parseAtom();
		const count = /^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(text.slice(at));
		if (!count)
			return atom;
		at += count[0].length;
		if (count[0] === '?')
			return { kind: 'repeat', inner: atom, low: 0, high: 1 };
		return { kind: 'repeat', inner: atom, low: +count[1],
			high: +(count[2] ?? count[1]) };
	}

	function parseAlternatives() {
		const choices = [];
		for (;;) {
			const items = [];
			while (at < text.length && text[at] !== '|' && text[at] !== ')')
				items.push(parsePiece());
			choices.push({ kind: 'cat', items });
			if (text[at] !== '|')
				break;
			at++;
		}
		return choices.length === 1 ? choices[0] : { kind: 'alt', choices };
	}

	const tree = parseAlternatives();
	if (at !== text.length)
		throw new Error('cannot read ' + text);
	return tree;
}

const anyDigits = { kind: 'star', inner: { kind: 'set', mask: 0x3ff } };

/* Lengths of the strings a tree matches, as a sorted array. */
function lengthsOf(tree) {
	const sum = (a, b) => [...new Set(a.flatMap((x) => b.map((y) => x + y)))];
	switch (tree.kind) {
		case 'set': return [1];
		case 'end': return [0];
		case 'group': return lengthsOf(tree.inner);
		case 'alt': return [...new Set(tree.choices.flatMap(lengthsOf))];
		case 'cat':
			return tree.items.map(lengthsOf).reduce(sum, [0]);
		case 'repeat': {
			const one = lengthsOf(tree.inner);
			let lengths = [0], all = tree.low === 0 ? [0] : [];
			for (let i = 1; i <= tree.high; i++) {
				lengths = sum(lengths, one);
				if (i >= tree.low)
					all = [...new Set([...all, ...lengths])];
			}
			return all;
		}
	}
	throw new Error('no length: ' + tree.kind);
}

/* A nondeterministic automaton: states with empty moves and digit moves. */
class Nfa {
	empty = [];
	move = [];
	tag = [];

	state() {
		this.empty.push([]);
		this.move.push(null);
		this.tag.push(-1);
		return this.empty.length - 1;
	}

	/* Add a tree between `from` and a new state, which is returned. */
	add(tree, from) {
		switch (tree.kind) {
			case 'set': {
				const source = this.state(), target = this.state();
				this.empty[from].push(source);
				this.move[source] = [tree.mask, target];
				return target;
			}
			case 'end':
				return from;
			case 'group':
				return this.add(tree.inner, from);
			case 'cat':
				return tree.items.reduce((s, item) => this.add(item, s), from);
			case 'alt': {
				const target = this.state();
				for (const choice of tree.choices)
					this.empty[this.add(choice, from)].push(target);
				return target;
			}
			case 'repeat': {
				const target = this.state();
				let state = from;
				if (tree.low === 0)
					this.empty[from].push(target);
				for (let i = 1; i <= tree.high; i++) {
					state = this.add(tree.inner, state);
					if (i >= tree.low)
						this.empty[state].push(target);
				}
				return target;
			}
			case 'star': {
				const loop = this.state();
				this.empty[from].push(loop);
				this.empty[this.add(tree.inner, loop)].push(loop);
				return loop;
			}
		}
		throw new Error('cannot compile ' + tree.kind);
	}

	closure(states) {
		const seen = new Set(states), stack = [...states];
		while (stack.length > 0)
			for (const next of this.empty[stack.pop()])
				if (!seen.has(next)) {
					seen.add(next);
					stack.push(next);
				}
		return [...seen].filter((s) => this.move[s] || this.tag[s] >= 0)
			.sort((a, b) => a - b);
	}
}

// ---------------------------------------------------------------------------
// Deterministic automata: acyclic, hash-consed, hence minimal at all times.

/* The one table: node 0 is failure; equal nodes are one node. */
class Table {
	next = [new Array(10).fill(0)];
	label = [0];
	known = new Map();

	node(label, next) {
		if (label === 0 && next.every((n) => n === 0))
			return 0;
		const key = label + ':' + next.join();
		let node = this.known.get(key);
		if (node === undefined) {
			node = this.next.push(next) - 1;
			this.label.push(label);
			this.known.set(key, node);
		}
		return node;
	}
}

/*
 * Compile tagged trees into the table.  labelOf turns the set of tags matched
 * by a whole string into a label.  No string longer than `limit` matters.
 */
function compile(table, tagged, labelOf, limit) {
	const nfa = new Nfa();
	const start = nfa.state();
	const memo = new Map();

	tagged.forEach(({ tree, tag }) => {
		const last = nfa.state();
		nfa.empty[nfa.add(tree, start)].push(last);
		nfa.tag[last] = tag;
	});

	function build(set, left) {
		if (set.length === 0)
			return 0;
		const key = left + ':' + set.join();
		let node = memo.get(key);
		if (node !== undefined)
			return node;
		const label = labelOf(new Set(
			set.map((s) => nfa.tag[s]).filter((tag) => tag >= 0)));
		const next = [];
		for (let digit = 0; digit < 10; digit++) {
			const moved = [];
			if (left > 0)
				for (const state of set)
					if (nfa.move[state] && nfa.move[state][0] >> digit & 1)
						moved.push(nfa.move[state][1]);
			next.push(build(nfa.closure([...new Set(moved)]), left - 1));
		}
		node = table.node(label, next);
		memo.set(key, node);
		return node;
	}

	return build(nfa.closure([start]), limit);
}

/* A tree that matches any digits after what `pattern` matches. */
function startsWith(pattern) {
	return { kind: 'cat', items: [parseRegex(pattern), anyDigits] };
}

// ---------------------------------------------------------------------------
// National numbers.

/*
 * Compile all regions of one calling code.  A label is the byte that plan.c
 * reads: LABEL_VALID, its other bits, and the place of the region in `list`.
 */
function compileCallingCode(table, list) {
	const tagged = [], owners = [];
	let tag = 0;
	const add = (tree) => {
		tagged.push({ tree, tag });
		return tag++;
	};
	const cache = new Map();
	const addPattern = (pattern) => {
		if (!cache.has(pattern))
			cache.set(pattern, add(parseRegex(pattern)));
		return cache.get(pattern);
	};

	for (const data of list) {
		const owner = { types: [], mobile: -1 };
		owner.general = addPattern(data[GENERAL][PATTERN]);
		owner.leading = data[LEADING_DIGITS] === undefined ? -1 :
			add(startsWith(data[LEADING_DIGITS]));
		for (const type of TYPES) {
			const pattern = data[type]?.[PATTERN];
			if (pattern === undefined)
				continue;
			owner.types.push(addPattern(pattern));
			if (type === MOBILE)
				owner.mobile = addPattern(pattern);
		}
		owners.push(owner);
	}

	const formats = (list[0][FORMATS] ?? []).map((format) => {
		const leading = format[FORMAT_LEADING_DIGITS];
		const rule = format[FORMAT_PREFIX_RULE];
		return {
			leading: leading === undefined ? -1 :
				add(startsWith(leading[leading.length - 1])),
			pattern: addPattern(format[FORMAT_PATTERN]),
			required: Boolean(rule) && !format[FORMAT_PREFIX_OPTIONAL] &&
				!/^\(?\$1\)?$/.test(rule),
		};
	});

	return compile(table, tagged, (tags) => {
		const isValid = (o) => tags.has(o.general) &&
			o.types.some((t) => tags.has(t));
		const at = owners.length === 1 ? 0 : owners.findIndex((o) =>
			o.leading >= 0 ? tags.has(o.leading) : isValid(o));
		if (at < 0 || !isValid(owners[at]))
			return 0;
		const format = formats.find((f) =>
			(f.leading < 0 || tags.has(f.leading)) && tags.has(f.pattern));
		return LABEL_VALID | at | (format?.required ? LABEL_REQUIRED : 0) |
			(tags.has(owners[at].mobile) ? LABEL_MOBILE : 0);
	}, LONGEST);
}

// ---------------------------------------------------------------------------
// Rewrites: from what is dialled in a region to its national number.

/* All orders in which a tree can be walked, options taken first. */
function expand(tree) {
	switch (tree.kind) {
		case 'cat':
			return tree.items.map(expand).reduce((heads, tails) =>
				heads.flatMap((h) => tails.map((t) => [...h, ...t])), [[]]);
		case 'alt':
			return tree.choices.flatMap(expand);
		case 'repeat':
			if (tree.low === 0 && tree.high === 1)
				return [...expand(tree.inner), []];
			return [[tree]];
		default:
			return [[tree]];
	}
}

/* Number the groups of a tree in the order of their opening parentheses. */
function numberGroups(tree, count = { value: 0 }) {
	if (tree.kind === 'group')
		tree.number = ++count.value;
	(tree.items ?? tree.choices ?? (tree.inner ? [tree.inner] : []))
		.forEach((inner) => numberGroups(inner, count));
	return count.value;
}

/*
 * One path as rewrites of fixed lengths, longest first: the first `head`
 * digits go, `kept` stay, `tail` go, the rest stays, `insert` comes in front.
 */
function rewritesOfPath(items, rule, groups) {
	const match = rule === undefined ? null : /^(\d*)\$(\d)$/.exec(rule);
	const whole = items.some((i) => i.kind === 'end');
	const body = items.filter((i) => i.kind !== 'end');
	const last = body.some((i) => i.kind === 'group' && i.number === groups);
	const keptAt = match && last ? body.findIndex((i) =>
		i.kind === 'group' && i.number === +match[2]) : -1;
	const part = (list) => ({ kind: 'cat', items: list });
	const lengths = (tree) => lengthsOf(tree).sort((a, b) => b - a);
	const result = [];

	if (keptAt < 0) {
		for (const head of lengths(part(body)))
			result.push({ tree: part(body), length: head, head, kept: 0,
				tail: 0, whole, insert: '' });
		return result;
	}
	const before = part(body.slice(0, keptAt));
	const after = part(body.slice(keptAt + 1));
	for (const head of lengths(before))
		for (const tail of lengths(after))
			for (const kept of lengths(body[keptAt]))
				result.push({ tree: part(body), length: head + kept + tail,
					head, kept: tail === 0 ? 0 : kept, tail, whole,
					insert: match[1] });
	return result;
}

/* Compile the rewrites of one prefix rule; of one text there is one list. */
function compileRewrites(table, pattern, rule) {
	const tree = parseRegex(pattern);
	const groups = numberGroups(tree);
	const list = expand(tree).flatMap((p) => rewritesOfPath(p, rule, groups));
	return list.map(({ tree: part, length, ...rest }) => ({
		...rest, length,
		start: compile(table, [{ tree: part, tag: 0 }], (tags) =>
			tags.has(0) ? LABEL_VALID : 0, length),
	}));
}

// ---------------------------------------------------------------------------
// The plan as a whole.

/* A pattern on its own: which strings does it match. */
function compilePattern(table, pattern) {
	return compile(table, [{ tree: parseRegex(pattern), tag: 0 }], (tags) =>
		tags.has(0) ? LABEL_VALID : 0, LONGEST);
}

/* Digits with which dialling may begin that is more than a national number. */
function openingsOf(plan, list, code) {
	let mask = 1 << +String(code)[0];
	for (let i = 0; list && i < list.count; i++)
		plan.table.next[plan.rewrites[list.first + i].start].forEach((n, d) => {
			mask |= n === 0 ? 0 : 1 << d;
		});
	return mask;
}

/* Everything that is written out, with states as numbers of the table. */
function buildPlan(metadata) {
	const table = new Table();
	const { countryToMetadata, countryCodeToRegionCodeMap } = metadata;
	const names = Object.keys(countryToMetadata).sort((a, b) =>
		isNaN(a) - isNaN(b) ? isNaN(b) - isNaN(a) : a < b ? -1 : 1);
	const plan = { table, rewrites: [], members: [], codes: [], regions: [] };
	const starts = new Map(), lists = new Map();

	for (const code of Object.keys(countryCodeToRegionCodeMap)) {
		const list = countryCodeToRegionCodeMap[code].map((name) =>
			name === '001' ? code : name);
		starts.set(+code, compileCallingCode(table,
			list.map((name) => countryToMetadata[name])));
		plan.codes.push({ code: +code, start: starts.get(+code),
			first: plan.members.length, count: list.length });
		plan.members.push(...list.map((name) => names.indexOf(name)));
	}
	for (const name of names) {
		const data = countryToMetadata[name];
		const rule = data[PREFIX_FOR_PARSING];
		const key = rule + ' ' + data[TRANSFORM_RULE];
		if (rule !== undefined && !lists.has(key)) {
			const list = compileRewrites(table, rule, data[TRANSFORM_RULE]);
			lists.set(key, { first: plan.rewrites.length, count: list.length });
			plan.rewrites.push(...list);
		}
		plan.regions.push({
			name: isNaN(name) ? name : '', code: data[COUNTRY_CODE],
			start: starts.get(data[COUNTRY_CODE]),
			viable: compilePattern(table, data[GENERAL][PATTERN]),
			international: data[INTERNATIONAL_PREFIX] === undefined ? 0 :
				compilePattern(table, data[INTERNATIONAL_PREFIX]),
			lengths: data[GENERAL][POSSIBLE_LENGTHS],
			rewrites: lists.get(key) ?? { first: 0, count: 0 },
			openings: openingsOf(plan, lists.get(key), data[COUNTRY_CODE]),
		});
	}
	return plan;
}

/* Number the states afresh, those near the starts first; 0 stays failure. */
function renumber(plan) {
	const { table } = plan;
	const order = [0], number = new Map([[0, 0]]);
	const visit = (state) => {
		if (!number.has(state)) {
			number.set(state, order.length);
			order.push(state);
		}
		return number.get(state);
	};
	for (const code of plan.codes)
		code.start = visit(code.start);
	for (const region of plan.regions) {
		region.start = visit(region.start);
		region.viable = visit(region.viable);
		region.international = visit(region.international);
	}
	for (const rewrite of plan.rewrites)
		rewrite.start = visit(rewrite.start);
	for (let i = 0; i < order.length; i++)
		table.next[order[i]].forEach(visit);
	plan.next = order.map((state) => table.next[state].map(visit));
	plan.label = order.map((state) => table.label[state]);
}

// ---------------------------------------------------------------------------
// What chance would give.
// dial() must do as pii_plan_dial() in plan.c does.

/* The state after `digits`, from `state`. */
function walk(plan, state, digits) {
	for (let i = 0; i < digits.length && state !== 0; i++)
		state = plan.next[state][digits.charCodeAt(i) - 48];
	return state;
}

/* The result of the first rewrite that fits, or null. */
function rewrite(plan, region, digits) {
	const { first, count } = region.rewrites;
	for (let i = first; i < first + count; i++) {
		const rule = plan.rewrites[i];
		if (rule.whole ? digits.length !== rule.length :
			digits.length < rule.length)
			continue;
		if (!plan.label[walk(plan, rule.start, digits.slice(0, rule.length))])
			continue;
		return rule.insert + digits.slice(rule.head, rule.head + rule.kept) +
			digits.slice(rule.head + rule.kept + rule.tail);
	}
	return null;
}

const isViable = (plan, region, digits) =>
	Boolean(plan.label[walk(plan, region.viable, digits)]);

/* The digits without trunk prefix, or null where none may be taken away. */
function strip(plan, region, digits) {
	const rest = rewrite(plan, region, digits);
	if (rest === null || isViable(plan, region, digits) &&
		!isViable(plan, region, rest))
		return null;
	return rest;
}

/* Is this what one dials in the region to reach a valid number? */
function dial(plan, region, digits) {
	const code = String(region.code);
	let required = true, dialled = digits;
	if (digits.startsWith(code)) {
		const rest = digits.slice(code.length);
		const inner = strip(plan, region, rest) ?? rest;
		if (digits.length > Math.max(...region.lengths) ||
			!isViable(plan, region, digits) && isViable(plan, region, inner)) {
			dialled = inner;
			required = false;
		}
	}
	const rest = strip(plan, region, dialled);
	const national = rest !== null && (region.lengths.includes(rest.length) ||
		rest.length > Math.max(...region.lengths)) ? rest : dialled;
	const label = plan.label[walk(plan, region.start, national)];
	if (!label || !required || !(label & LABEL_REQUIRED))
		return Boolean(label);
	const main = plan.regions[plan.members[
		plan.codes.find((c) => c.code === region.code).first]];
	return strip(plan, main, dialled) !== null;
}

/*
 * Share of all digit strings of one length that dial a valid number.  The
 * first four digits, which decide nearly all, are gone through one by one; the
 * others come from a fixed sequence.
 */
function chance(plan, region, length) {
	let hits = 0, seed = 12345;
	const heads = 10000, tries = 2;
	const head = Math.min(length, 4);
	for (let i = 0; i < heads; i++) {
		const lead = String(i).padStart(4, '0').slice(0, head);
		for (let k = 0; k < tries; k++) {
			let digits = lead;
			while (digits.length < length) {
				seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
				digits += String((seed >>> 8) % 10);
			}
			hits += dial(plan, region, digits) ? 1 : 0;
		}
	}
	return hits / heads / tries;
}

/* Where digits are dialled, and the chances of all regions. */
function survey(plan) {
	const [low, high] = CHANCE_LENGTHS;
	const known = new Map();
	plan.anywhere = dialAnywhere(plan, SHORTEST_DIALLED, DIALLED_LENGTHS,
		(label) => label & LABEL_REQUIRED);
	plan.chance = [];
	plan.regions.filter((r) => r.name).forEach((region, index) => {
		const dialled = plan.anywhere.dialled[index];
		const key = JSON.stringify({ ...region, name: '' });
		if (!known.has(key)) {
			const row = [];
			for (let length = low; length <= high; length++)
				row.push(dialled.has(length) ?
					Math.round(chance(plan, region, length) * 65535) : 0);
			known.set(key, row);
		}
		plan.chance.push(known.get(key));
	});
}

// ---------------------------------------------------------------------------
// Written out.

/* Lay out items in lines of at most 78 columns. */
function lines(items) {
	const out = [];
	let line = '';
	for (const item of items) {
		if (line.length + String(item).length + 2 > 74) {
			out.push('\t' + line.trimEnd());
			line = '';
		}
		line += item + ', ';
	}
	out.push('\t' + line.trimEnd());
	return out.join('\n');
}

/* One row of a two-dimensional array a line. */
function rows(list) {
	return list.map((row) => `\t{${row.join(',')}},`).join('\n');
}

/* The text of plan_data.c. */
function write(plan) {
	const hex = (word) => '0x' + word.toString(16);
	const geographic = plan.regions.filter((r) => r.name).length;
	const index = new Array(1000).fill(0);
	plan.codes.forEach((code, i) => {
		index[code.code] = i + 1;
	});
	return `/*
 * plan_data.c
 *		The numbering plan, as plan_generate.mjs wrote it: do not edit.
 *
 * Source: the metadata of npm package ${PACKAGE} ${VERSION}
 * (libphonenumber's; Apache License 2.0).
 * Written by: node plan_generate.mjs PACKAGE_DIRECTORY > plan_data.c
 */
#include "plan_data.h"

const int	pii_plan_region_count = ${geographic};

/* State after a digit; state 0 is failure. */
const uint16_t pii_plan_next[${plan.next.length}][10] = {
${rows(plan.next)}
};

/* PLAN_* bits of a state in which a number may end, else 0. */
const uint8_t pii_plan_label[${plan.label.length}] = {
${lines(plan.label)}
};

/* Rules for dialled digits. */
const PlanRewrite pii_plan_rewrites[${plan.rewrites.length}] = {
${plan.rewrites.map((r) => `\t{${r.start}, ${r.length}, ${r.head}, ${r.kept}, ` +
		`${r.tail}, ${r.whole}, "${r.insert}"},`).join('\n')}
};

/* Regions in the order of their codes, then codes that belong to no region. */
const PlanRegion pii_plan_region[${plan.regions.length}] = {
${plan.regions.map((r) => `\t{"${r.name}", ${r.code}, ${r.start}, ${r.viable}, ` +
		`${r.international}, ${r.rewrites.first}, ${r.rewrites.count}, ` +
		`${hex(r.openings)}, ${hex(r.lengths.reduce((m, l) => m | 1 << l, 0))}},`).join('\n')}
};

/* Regions of the calling codes, main region first. */
const uint8_t pii_plan_members[${plan.members.length}] = {
${lines(plan.members)}
};

/* Calling codes in ascending order. */
const PlanCode pii_plan_codes[${plan.codes.length}] = {
${plan.codes.map((c) => `\t{${c.code}, ${c.start}, ${c.first}, ${c.count}},`)
		.join('\n')}
};

/* Place of a calling code in pii_plan_codes, plus one; 0 where there is none. */
const uint8_t pii_plan_code_index[1000] = {
${lines(index)}
};

/*
 * Where digits are dialled, all regions at once: the state before the first of
 * so many digits; of states, the row of choices and the place of the first
 * way; which way each digit chooses; and where the ways lead.
 */
const uint16_t pii_plan_anywhere_start[PLAN_DIALLED_LENGTHS] = {
${lines(plan.anywhere.starts)}
};
const int	pii_plan_anywhere_states = ${plan.anywhere.states.length};
const PlanAnywhere pii_plan_anywhere[${plan.anywhere.states.length}] = {
${lines(plan.anywhere.states.map((state) => `{${state}}`))}
};
const uint8_t pii_plan_anywhere_choice[${plan.anywhere.choices.length}][10] = {
${rows(plan.anywhere.choices)}
};
const uint16_t pii_plan_anywhere_way[${plan.anywhere.ways.length}] = {
${lines(plan.anywhere.ways)}
};

/*
 * Numbers above those of the states are sets of regions: their words, by
 * place, and how many regions they have.
 */
const uint16_t pii_plan_anywhere_set[${plan.anywhere.sets.length}][PII_REGION_WORDS] = {
${lines(plan.anywhere.sets.map((set) => `{${set}}`))}
};
const uint8_t pii_plan_anywhere_count[${plan.anywhere.counts.length}] = {
${lines(plan.anywhere.counts)}
};
const uint64_t pii_plan_anywhere_word[${plan.anywhere.words.length}] = {
${lines(plan.anywhere.words.map(hex))}
};

/* Share of strings of ${CHANCE_LENGTHS.join(' to ')} digits that dial a valid number, of 65535. */
const uint16_t pii_plan_chance[${plan.chance.length}][PLAN_CHANCE_LENGTHS] = {
${rows(plan.chance)}
};
`;
}

const plan = buildPlan(loadMetadata(process.argv[2]));
renumber(plan);
survey(plan);
process.stdout.write(write(plan));
