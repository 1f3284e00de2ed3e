import { describe, expect, it } from 'vitest'
import { unmarshal } from './json-decode.ts'
import { bool, int, intOrString, type JsonType, map, namedText, pointer, slice, struct, text } from './json-type.ts'

const tuple = struct('TargetGroupTuple', { serviceName: pointer(text), servicePort: pointer(intOrString), weight: pointer(int(32)) })
const action: JsonType = struct('Action', {
  type: namedText('ActionType'), on: bool, forwardConfig: pointer(struct('ForwardActionConfig', { targetGroups: slice(tuple) })),
})

const value = (json: string, type: JsonType = action): unknown => {
  const decoded = unmarshal(json, type)
  return decoded.ok ? decoded.value : `error: ${decoded.error}`
}

describe('decoding as encoding/json does', () => {
  it('matches keys in any case, also by the two letters beyond ASCII that fold to one', () => {
    expect(value('{"TYPE":"forward"}')).toEqual({ type: 'forward', on: false })
    expect(value('{"forwardConfig":{"\u017fkipped":1,"targetGroup\u017f":[]}}')).toEqual({ type: '', on: false, forwardConfig: { targetGroups: [] } })
  })

  it('lets the last of a repeated key win and merges objects and lists into what is there', () => {
    expect(value('{"type":"a","type":"b"}')).toEqual({ type: 'b', on: false })
    const twice = '{"forwardConfig":{"targetGroups":[{"serviceName":"a","weight":1},{"serviceName":"b"}]},"forwardConfig":{"targetGroups":[{"weight":2}]}}'
    expect(value(twice)).toEqual({ type: '', on: false, forwardConfig: { targetGroups: [{ serviceName: 'a', weight: 2 }] } })
  })

  it('brings back what a shorter list hid when a third one grows again', () => {
    const three = '{"targetGroups":[{"weight":1},{"weight":2}],"targetGroups":[{}],"targetGroups":[{},{}]}'
    expect(value(`{"forwardConfig":${three}}`)).toEqual({ type: '', on: false, forwardConfig: { targetGroups: [{ weight: 1 }, { weight: 2 }] } })
  })

  it('leaves the zero value for null, and makes a pointer nil again', () => {
    expect(value('{"type":null,"on":null,"forwardConfig":{},"forwardConfig":null}')).toEqual({ type: '', on: false })
    expect(value('null', slice(text))).toBeUndefined()
    expect(value('["a",null]', slice(text))).toEqual(['a', ''])
  })

  it('names the innermost struct and the whole path of fields in a mismatch', () => {
    expect(value('{"forwardConfig":{"targetGroups":[{"weight":1.5}]}}'))
      .toBe('error: json: cannot unmarshal number 1.5 into Go struct field TargetGroupTuple.forwardConfig.targetGroups.weight of type int32')
    expect(value('{"forwardConfig":{"targetGroups":[1]}}'))
      .toBe('error: json: cannot unmarshal number into Go struct field ForwardActionConfig.forwardConfig.targetGroups of type ingress.TargetGroupTuple')
    expect(value('{"type":true}')).toBe('error: json: cannot unmarshal bool into Go struct field Action.type of type ingress.ActionType')
    expect(value('[]')).toBe('error: json: cannot unmarshal array into Go value of type ingress.Action')
    expect(value('{"a":1}', slice(map(int(64))))).toBe('error: json: cannot unmarshal object into Go value of type []map[string]int64')
  })

  it('tells the first mismatch, but an error of a type with its own decoder before all', () => {
    expect(value('{"type":1,"on":2}')).toBe('error: json: cannot unmarshal number into Go struct field Action.type of type ingress.ActionType')
    expect(value('{"type":1,"forwardConfig":{"targetGroups":[{"servicePort":80.5}]}}'))
      .toBe('error: json: cannot unmarshal number 80.5 into Go struct field TargetGroupTuple.forwardConfig.targetGroups.servicePort of type int32')
  })

  it('keeps keys that JavaScript objects treat specially', () => {
    const decoded = value('{"__proto__":"x","constructor":"y"}', map(text))
    expect(Object.entries(decoded as object)).toEqual([['__proto__', 'x'], ['constructor', 'y']])
  })
})

describe('syntax errors of encoding/json', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['type: forward', "invalid character 'y' in literal true (expecting 'r')"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 2}', "invalid character '2' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['01', "invalid character '1' after top-level value"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['1e', "invalid character ' ' in exponent of numeric literal"],
    ['-', "invalid character ' ' in numeric literal"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['\u00e9', "invalid character '\u00c3' looking for beginning of value"],
    ['\ufeff{}', "invalid character '\u00ef' looking for beginning of value"],
    [`${'['.repeat(10_001)}`, "invalid character '[' exceeded max depth"],
  ])('%j', (json, error) => {
    expect(value(json, slice(text))).toBe(`error: ${error}`)
  })
})
