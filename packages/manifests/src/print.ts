import { Document, isScalar, isSeq, Scalar, stringify, visit } from 'yaml'

const layout = { lineWidth: 0, indentSeq: true } as const

/** A JSON value as block-style YAML, long texts on one line, for people to read and for files of ours. What stands under a key of `quoted`, or in the list there, is in quotes always. */
export function toYaml(value: unknown, quoted: readonly string[] = []): string {
  if (quoted.length === 0) return stringify(value, { ...layout, aliasDuplicateObjects: false })
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Pair: (_, { key, value: held }) => {
      if (!isScalar(key) || !quoted.includes(String(key.value))) return
      for (const one of isSeq(held) ? held.items : [held]) if (isScalar(one) && typeof one.value === 'string' && !one.value.includes('\n')) one.type = Scalar.QUOTE_SINGLE
    },
  })
  return document.toString(layout)
}
