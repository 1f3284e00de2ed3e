import { parse } from '@rollsync/manifests'

/** The first document of a text that is no file of its own; nothing where it is empty. */
export function readYaml(text: string): { readonly value: unknown } | { readonly why: string } {
  const { documents, diagnostics } = parse([{ file: '', text }])
  const broken = diagnostics.find((one) => one.severity === 'error' && one.code === 'bad-yaml')
  return broken === undefined ? { value: documents[0]?.value } : { why: `a text that is no YAML: ${broken.message}` }
}
