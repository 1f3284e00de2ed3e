import type { GojqVersion } from './engine.ts'

// func.go internalFuncs, builtin.jq and compiler.go compileFunc of each release: name/arity,arity.
const IN_ALL = `
IN/1,2 INDEX/1,2 JOIN/2,3,4 _add/2 _alternative/2 _assign/2 _divide/2 _equal/2 _greater/2 _greatereq/2 _group_by/1 _index/2
_less/2 _lesseq/2 _match/3 _max_by/1 _min_by/1 _modify/2 _modulo/2 _multiply/2 _negate/0 _notequal/2 _plus/0 _range/3 _slice/3
_sort_by/1 _subtract/2 _tobase64/0 _tobase64d/0 _tocsv/0 _tohtml/0 _tosh/0 _totsv/0 _touri/0 _tourid/0 _unique_by/1 acos/0 acosh/0
add/0 all/0,1,2 any/0,1,2 arrays/0 ascii_downcase/0 ascii_upcase/0 asin/0 asinh/0 atan/0 atan2/2 atanh/0 booleans/0 bsearch/1
builtins/0 capture/1,2 cbrt/0 ceil/0 combinations/0,1 contains/1 copysign/2 cos/0 cosh/0 del/1 delpaths/1 drem/2 empty/0
endswith/1 env/0 erf/0 erfc/0 error/0,1 exp/0 exp10/0 exp2/0 explode/0 expm1/0 fabs/0 fdim/2 finites/0 first/0,1 flatten/0,1
floor/0 fma/3 fmax/2 fmin/2 fmod/2 format/1 frexp/0 from_entries/0 fromdate/0 fromdateiso8601/0 fromjson/0 fromstream/1 gamma/0
getpath/1 gmtime/0 group_by/1 gsub/2,3 halt/0 halt_error/0,1 has/1 hypot/2 implode/0 in/1 index/1 indices/1 infinite/0 input/0
inputs/0 inside/1 isempty/1 isfinite/0 isinfinite/0 isnan/0 isnormal/0 iterables/0 j0/0 j1/0 jn/2 join/1 keys/0 last/0,1 ldexp/2
length/0 lgamma/0 limit/2 localtime/0 log/0 log10/0 log1p/0 log2/0 logb/0 ltrimstr/1 map/1 map_values/1 match/1,2 max/0 max_by/1
min/0 min_by/1 mktime/0 modf/0 modulemeta/0 nan/0 nearbyint/0 nextafter/2 nexttoward/2 normals/0 not/0 now/0 nth/1,2 nulls/0
numbers/0 objects/0 path/1 paths/0,1 pow/2 range/1,2,3 recurse/0,1,2 remainder/2 repeat/1 reverse/0 rindex/1 rint/0 round/0
rtrimstr/1 scalars/0 scalb/2 scalbln/2 scan/1,2 select/1 setpath/2 significand/0 sin/0 sinh/0 sort/0 sort_by/1 split/1,2
splits/1,2 sqrt/0 startswith/1 strflocaltime/1 strftime/1 strings/0 strptime/1 sub/2,3 tan/0 tanh/0 test/1,2 tgamma/0 to_entries/0
todate/0 todateiso8601/0 tojson/0 tonumber/0 tostream/0 tostring/0 transpose/0 trunc/0 truncate_stream/1 type/0 unique/0
unique_by/1 until/2 utf8bytelength/0 values/0 walk/1 while/2 with_entries/1 y0/0 y1/0 yn/2`

const ONLY_IN: Readonly<Record<GojqVersion, string>> = {
  '0.12.13': '_capture/0 leaf_paths/0 pow10/0',
  '0.12.17': '_capture/0 abs/0 add/1 debug/1 ltrim/0 pick/1 rtrim/0 skip/2 trim/0',
  '0.12.18': '_capture/0 _last/1 abs/0 add/1 debug/1 ltrim/0 pick/1 rtrim/0 skip/2 toboolean/0 trim/0 trimstr/1',
  '0.12.19': '_captures/0 _last/1 abs/0 add/1 debug/1 ltrim/0 pick/1 rtrim/0 skip/2 toboolean/0 trim/0 trimstr/1',
}

const vocabularies = new Map<GojqVersion, ReadonlySet<string>>()

const expand = (words: string): string[] =>
  words.split(/\s+/).filter(Boolean).flatMap((word) => {
    const [name, arities = ''] = word.split('/')
    return arities.split(',').map((arity) => `${name}/${arity}`)
  })

/** Every function that this gojq release can compile without options, as `name/arity`. */
export function vocabularyOf(version: GojqVersion): ReadonlySet<string> {
  const known = vocabularies.get(version)
  if (known) return known
  const vocabulary = new Set([...expand(IN_ALL), ...expand(ONLY_IN[version])])
  vocabularies.set(version, vocabulary)
  return vocabulary
}
