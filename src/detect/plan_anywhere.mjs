// Where digits are dialled, all regions together, as one automaton.
//
// Whether pii_plan_dial() in plan.c says yes depends on some walks of the
// plan's table over some of the digits, each in their order.  Side by side,
// the walks of one region are states of an automaton over all of the digits;
// side by side, these automata of all regions are states of the one that is
// written out.  Of digits of a known length, it needs few: what stands for a
// state is the answers to everything that may still follow, of which equal
// ones are one, and most regions have answered after three digits.

// Answers; numbers above stand for one answer after each next digit.
const NO = 0, YES = 1, REQUIRED = 2;	// the last: yes, with a trunk prefix

/* All answers that are still open, each once. */
class Answers {
	constructor() {
		this.next = [null, null, null];
		this.known = new Map();
	}

	/* The answer that becomes one of these ten with the next digit. */
	open(next) {
		if (next[0] <= REQUIRED && next.every((answer) => answer === next[0]))
			return next[0];
		const key = next.join();
		if (!this.known.has(key)) {
			this.known.set(key, this.next.length);
			this.next.push(next);
		}
		return this.known.get(key);
	}

	/* What an answer becomes with a digit. */
	step(answer, digit) {
		return answer <= REQUIRED ? answer : this.next[answer][digit];
	}
}

/* What walks of the plan's table answer, from a state over so many digits. */
function walker(plan, answers, isRequired) {
	const known = new Map();

	return function walk(state, count) {
		const key = state * 32 + count;
		if (state === 0 || count === 0)
			return plan.label[state] === 0 ? NO :
				isRequired(plan.label[state]) ? REQUIRED : YES;
		if (!known.has(key))
			known.set(key, answers.open(plan.next[state].map((next) =>
				walk(next, count - 1))));
		return known.get(key);
	};
}

/*
 * The walks that decide about a region and a length.  What is walked over is a
 * view: inserted digits, then places among those dialled.
 */
class Walks {
	constructor(plan, answers, walk, code) {
		this.plan = plan;
		this.answers = answers;
		this.walk = walk;
		this.code = code;
		this.list = [];
	}

	/*
	 * Add a walk from a state; returns its number.  It matters only if the
	 * digits begin with the region's calling code, if `behind` that, and unless
	 * walk `gate` says no.
	 */
	add(state, view, behind, gate) {
		let places = 0;
		for (const digit of view.inserted)
			state = this.plan.next[state][+digit];
		for (const place of view.places)
			places |= 1 << place;
		const first = this.walk(state, view.places.length);
		const same = this.list.findIndex((walk) => walk.first === first &&
			walk.places === places && walk.behind === behind && walk.gate === gate);
		if (same >= 0)
			return same;
		return this.list.push({ first, places, behind, gate }) - 1;
	}

	/* The walks' answers before the first digit. */
	begin() {
		return this.list.map((walk) => walk.first);
	}

	/* Their answers with the digit at `place`; `behind`: the code may stand. */
	step(state, place, digit, behind) {
		const next = [];
		for (const { places, behind: coded, gate } of this.list) {
			const answer = state[next.length];
			if (coded && !behind || gate >= 0 && next[gate] === NO)
				next.push(NO);
			else
				next.push(places >> place & 1 ?
					this.answers.step(answer, digit) : answer);
		}
		return next;
	}
}

const lengthOf = (view) => view.inserted.length + view.places.length;

/* Digits [from, to) of a view. */
function part(view, from, to = lengthOf(view)) {
	const inserted = view.inserted.length;
	return { inserted: view.inserted.slice(from, to),
		places: view.places.slice(Math.max(0, from - inserted),
			Math.max(0, to - inserted)) };
}

/* What a rewrite makes of a view; inserted digits stay in front. */
function rewritten(view, rule) {
	const kept = part(view, rule.head, rule.head + rule.kept);
	const rest = part(view, rule.head + rule.kept + rule.tail);
	return { inserted: rule.insert + kept.inserted + rest.inserted,
		places: [...kept.places, ...rest.places] };
}

/*
 * strip() of plan.c: a function of the walks' answers that gives what `then`
 * made of the digits that are left, or null.
 */
function stripping(walks, region, view, behind, gate, then) {
	const { plan } = walks;
	const { first, count } = region.rewrites;
	const viable = walks.add(region.viable, view, behind, gate);
	const choices = plan.rewrites.slice(first, first + count)
		.filter((rule) => rule.whole ? lengthOf(view) === rule.length :
			lengthOf(view) >= rule.length)
		.map((rule) => {
			const rest = rewritten(view, rule);
			const fits = walks.add(rule.start, part(view, 0, rule.length),
				behind, gate);
			return { fits, viable: walks.add(region.viable, rest, behind, fits),
				rest: then(rest, fits) };
		});
	return (state) => {
		const choice = choices.find(({ fits }) => state[fits] !== NO);
		if (choice === undefined ||
			state[viable] !== NO && state[choice.viable] === NO)
			return null;
		return choice.rest;
	};
}

/* Whether a view, after stripping, is valid, and written as it must be. */
function validity(walks, region, view, behind, gate) {
	const { plan } = walks;
	const longest = Math.max(...region.lengths);
	const code = plan.codes.find((c) => c.code === region.code);
	const valid = walks.add(region.start, view, behind, gate);
	const strip = stripping(walks, region, view, behind, gate, (rest, fits) => ({
		length: lengthOf(rest),
		valid: walks.add(region.start, rest, behind, fits),
	}));
	const stripMain = stripping(walks, plan.regions[plan.members[code.first]],
		view, behind, gate, () => true);
	return (state) => {
		const rest = strip(state);
		const answer = state[rest !== null && (rest.length > longest ||
			region.lengths.includes(rest.length)) ? rest.valid : valid];
		return answer !== NO && (behind || answer !== REQUIRED ||
			stripMain(state) !== null);
	};
}

/*
 * pii_plan_dial() for digits of one length: the walks, and a function of their
 * answers and of whether the digits begin with the region's calling code.
 */
function dialling(plan, answers, walk, region, length) {
	const walks = new Walks(plan, answers, walk, String(region.code));
	const dialled = { inserted: '', places: [...Array(length).keys()] };
	const dials = validity(walks, region, dialled, false, -1);
	const longest = Math.max(...region.lengths);

	if (length <= walks.code.length)
		return { walks, decide: dials };
	const behind = part(dialled, walks.code.length);
	const outcome = (rest, gate) => ({
		viable: walks.add(region.viable, rest, true, gate),
		valid: validity(walks, region, rest, true, gate),
	});
	const viable = walks.add(region.viable, dialled, false, -1);
	const whole = outcome(behind, -1);
	const strip = stripping(walks, region, behind, true, -1, outcome);
	return { walks, decide(state, coded) {
		const rest = coded ? strip(state) ?? whole : null;
		if (rest !== null && (length > longest ||
			state[viable] === NO && state[rest.viable] !== NO))
			return rest.valid(state);
		return dials(state);
	} };
}

/* The answer to whether digits of one length are dialled in a region. */
function regionAnswer(plan, answers, walk, region, length) {
	const { walks, decide } = dialling(plan, answers, walk, region, length);
	const { code } = walks;
	const memos = Array.from({ length: length + 1 }, () => new Map());

	function answer(state, place, coded) {
		const key = state.join() + coded;
		const memo = memos[place];
		if (memo.has(key))
			return memo.get(key);
		let result;
		if (place === length || state.every((walk) => walk <= REQUIRED) &&
			(!coded || place >= code.length))
			result = decide(state, coded) ? YES : NO;
		else
			result = answers.open([...Array(10).keys()].map((digit) => {
				const still = coded && (place >= code.length ||
					digit === +code[place]);
				return answer(walks.step(state, place, digit, still),
					place + 1, still);
			}));
		memo.set(key, result);
		return result;
	}
	return answer(walks.begin(), 0, length > code.length);
}

/* The set of the regions that say yes, as 64-bit words. */
function setOf(states) {
	const words = [0n, 0n, 0n, 0n];
	states.forEach((answer, region) => {
		if (answer === YES)
			words[region >> 6] |= 1n << BigInt(region & 63);
	});
	return words;
}

/*
 * The automaton of all regions: `starts` by length, `next` for the states in
 * which something is open, and `sets` of regions, which follow those states in
 * number, for those in which all is said.
 */
function together(answers, starts) {
	const next = [], sets = [], known = new Map();

	/* Negative numbers stand for sets until there are no more states. */
	function number(states) {
		const key = Buffer.from(states.buffer).toString('latin1');
		if (!known.has(key)) {
			const closed = states.every((answer) => answer <= YES);
			known.set(key, closed ? -sets.push(setOf(states)) :
				next.push(states) - 1);
		}
		return known.get(key);
	}
	const first = starts.map((states) => number(Uint16Array.from(states)));
	const rows = [];
	for (let i = 0; i < next.length; i++)
		rows.push([...Array(10).keys()].map((digit) =>
			number(next[i].map((answer) => answers.step(answer, digit)))));
	const place = (state) => state < 0 ? next.length - 1 - state : state;
	return { starts: first.map(place), next: rows.map((row) => row.map(place)),
		sets };
}

/* A list of lists that are written once each, one behind the other. */
class Pool {
	constructor() {
		this.items = [];
		this.known = new Map();
	}

	/* Where the list begins. */
	add(list) {
		const key = list.join();
		if (!this.known.has(key)) {
			this.known.set(key, this.items.length);
			this.items.push(...list);
		}
		return this.known.get(key);
	}
}

/*
 * The same, smaller.  From a state there are few ways: `choices` say which of
 * them each digit takes, `ways` where they lead, `states` where both begin.
 * The words of the sets are few, too.
 */
function compact({ starts, next, sets }) {
	const choices = new Pool(), ways = new Pool(), words = new Pool();
	const states = next.map((row) => {
		const list = [...new Set(row)];
		const chosen = row.map((state) => list.indexOf(state));
		return [choices.add([chosen.join()]), ways.add(list)];
	});
	const result = { starts, states, choices: choices.items.map((row) => [row]),
		ways: ways.items, words: words.items,
		sets: sets.map((set) => set.map((word) => words.add([word]))) };
	if (Math.max(next.length + sets.length, ways.items.length,
		words.items.length) > 0xffff)
		throw new Error('the automaton of all regions takes wider numbers');
	return { ...result, counts: sets.map((set) => set.map((word) =>
		word.toString(2).replaceAll('0', '')).join('').length) };
}

/*
 * The automaton for digits of 0 to `lengths` - 1 digits, of which fewer than
 * `shortest` are dialled nowhere; and, by region, the lengths of what is.
 */
export function dialAnywhere(plan, shortest, lengths, isRequired) {
	const answers = new Answers();
	const walk = walker(plan, answers, isRequired);
	const regions = plan.regions.filter((region) => region.name);
	const dialled = regions.map(() => new Set());
	const starts = [];

	for (let length = 0; length < lengths; length++) {
		const known = new Map();
		starts.push(regions.map((region, i) => {
			const key = JSON.stringify({ ...region, name: '' });
			if (length < shortest)
				return NO;
			if (!known.has(key))
				known.set(key, regionAnswer(plan, answers, walk, region, length));
			if (known.get(key) !== NO)
				dialled[i].add(length);
			return known.get(key);
		}));
	}
	return { ...compact(together(answers, starts)), dialled };
}
