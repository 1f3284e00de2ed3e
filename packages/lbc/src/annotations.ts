import { failure, wrap } from './controller-error.ts'
import { unmarshal } from './go/json-decode.ts'
import type { JsonType } from './go/json-type.ts'
import { type IntegerBits, parseBoolean, parseInteger } from './go/parse-number.ts'

/** The prefix that the stock controller reads (pkg/annotations/constants.go). */
export const annotationPrefix = 'alb.ingress.kubernetes.io'

/** The annotations of one object, or of two merged, and the prefix that the parser was built with (pkg/annotations/parser.go). */
export interface Annotations {
  readonly prefix: string
  readonly of: ReadonlyMap<string, string>
}

/** algorithm.MergeStringMap: the earlier map wins. */
export function mergeAnnotations(first: Annotations, then: Annotations): Annotations {
  return { prefix: first.prefix, of: new Map([...then.of, ...first.of]) }
}

export function textAnnotation(annotations: Annotations, suffix: string): string | undefined {
  return annotations.of.get(`${annotations.prefix}/${suffix}`)
}

export function integerAnnotation(annotations: Annotations, suffix: string, bits: IntegerBits): number | undefined {
  const raw = textAnnotation(annotations, suffix)
  if (raw === undefined) return undefined
  const parsed = parseInteger(raw, bits)
  if (!parsed.ok) throw failure(`failed to parse int${bits} annotation, ${annotations.prefix}/${suffix}: ${raw}: ${parsed.error}`)
  return parsed.value
}

export function booleanAnnotation(annotations: Annotations, suffix: string): boolean | undefined {
  const raw = textAnnotation(annotations, suffix)
  if (raw === undefined) return undefined
  const parsed = parseBoolean(raw)
  if (!parsed.ok) throw failure(`failed to parse bool annotation, ${annotations.prefix}/${suffix}: ${raw}: ${parsed.error}`)
  return parsed.value
}

/** ParseStringSliceAnnotation: cut at commas, trimmed, without empty parts. */
export function listAnnotation(annotations: Annotations, suffix: string): readonly string[] | undefined {
  const raw = textAnnotation(annotations, suffix)
  return raw === undefined ? undefined : splitAtCommas(raw)
}

/** ParseJSONAnnotation; `T` is what the caller knows `type` to describe. */
export function jsonAnnotation<T>(annotations: Annotations, suffix: string, type: JsonType): T | undefined {
  const raw = textAnnotation(annotations, suffix)
  if (raw === undefined) return undefined
  const decoded = unmarshal<T>(raw, type)
  return wrap(`failed to parse json annotation, ${annotations.prefix}/${suffix}: ${raw}`, () => {
    if (!decoded.ok) throw failure(decoded.error)
    return decoded.value
  })
}

/** ParseStringMapAnnotation: `key=value,key=value`. */
export function mapAnnotation(annotations: Annotations, suffix: string, pairs: 'plain' | 'escaped'): ReadonlyMap<string, string> | undefined {
  const raw = textAnnotation(annotations, suffix)
  if (raw === undefined) return undefined
  const entries = (pairs === 'plain' ? splitAtCommas(raw) : splitKeyValuePairs(raw)).map((pair) => {
    const equals = pair.indexOf('=')
    const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)].map((part) => (pairs === 'plain' ? part : trim(part)))
    if (equals < 0 || !key) throw failure(`failed to parse stringMap annotation, ${annotations.prefix}/${suffix}: ${raw}`)
    return [key, value ?? ''] as const
  })
  return new Map(entries)
}

function splitAtCommas(text: string): readonly string[] {
  return text.split(',').map(trim).filter((part) => part !== '')
}

/** parser.go:217 splitKeyValuePairs: a backslash keeps the next character; a comma ends a pair only where a `=` follows somewhere behind it. */
function splitKeyValuePairs(text: string): readonly string[] {
  const result: string[] = []
  let current = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? ''
    const rest = char === ',' ? trim(text.slice(i + 1)) : ''
    if (char === '\\' && i + 1 < text.length) current += text[++i] ?? ''
    else if (char !== ',' || rest === '') current += char
    else {
      result.push(trim(current))
      if (!rest.includes('=')) return [...result, rest]
      current = ''
    }
  }
  return current === '' ? result : [...result, trim(current)]
}

/** strings.TrimSpace: white space as Unicode has it, without U+FEFF, which JavaScript would cut too. */
function trim(text: string): string {
  return text.replace(/^[\t-\r \u0085\p{Z}]+|[\t-\r \u0085\p{Z}]+$/gu, '')
}
