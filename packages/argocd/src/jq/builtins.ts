import type { GojqVersion } from './engine.ts'
import type { Definition } from './grammar.ts'
import { parseQuery } from './parse.ts'

// What builtin.jq defines in jq, as far as our grammar reaches; each line is checked against gojq by the fuzzer.
const DEFINITIONS = `
def map(f): [.[] | f];
def add(f): [f] | add;
def in(xs): . as $x | xs | has($x);
def recurse: recurse(.[]?);
def recurse(f): def again: ., (f | again); again;
def recurse(f; cond): def again: ., (f | select(cond) | again); again;
def while(cond; update): def again: if cond then ., (update | again) else empty end; again;
def until(cond; next): def again: if cond then . else next | again end; again;
def repeat(f): def again: f, again; again;
def map_values(f): .[] |= f;
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): _unique_by(map([f]));
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def arrays: select(type == "array");
def objects: select(type == "object");
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def nulls: select(. == null);
def values: select(. != null);
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def first(g): label $done | g | ., break $done;
def isempty(g): label $done | (g | false, break $done), true;
def any: any(.);
def any(f): any(.[]; f);
def any(g; f): isempty(g | select(f)) | not;
def all: all(.);
def all(f): all(.[]; f);
def all(g; f): isempty(g | select(f | not));
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def with_entries(f): to_entries | map(f) | from_entries;
def paths: path(..) | select(. != []);
def paths(f): path(.. | select(f)) | select(. != []);
def test($re): test($re; null);
def test($re; $flags): _match($re; $flags; true);
def del(f): delpaths([path(f)]);
.`

const SINCE_19 = 'def to_entries: [keys[] as $k | {key: $k, value: .[$k]}]; .'

const definitions = new Map<GojqVersion, ReadonlyMap<string, Definition>>()

/** The builtins that are written in jq, by `name/arity`. */
export function builtinsOf(version: GojqVersion): ReadonlyMap<string, Definition> {
  const known = definitions.get(version)
  if (known) return known
  const found = new Map<string, Definition>()
  for (const source of version === '0.12.19' ? [DEFINITIONS, SINCE_19] : [DEFINITIONS]) {
    for (let query = parseQuery(source, version); query.is === 'define'; query = query.body) {
      found.set(`${query.definition.name}/${query.definition.parameters.length}`, query.definition)
    }
  }
  if (version === '0.12.13') found.delete('paths/1')
  definitions.set(version, found)
  return found
}
