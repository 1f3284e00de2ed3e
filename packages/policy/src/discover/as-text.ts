/** A value where Argo CD's type holds a text: numbers as they are printed; a map or a list, which the API server refuses there, as JSON; nothing as the empty text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) : String(value as number | bigint | boolean)
}
