import { stringify } from 'yaml'

/** A JSON value as block-style YAML, long texts on one line, for people to read and for files of ours. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, indentSeq: true })
}
