import { isMap, type KubeObject, type Manifest } from '@rollsync/manifests'

const template = '/spec/template'

/** The template of an ApplicationSet as an Application whose places are those of the file, its braces as they stand; undefined where it has none. */
export function templateOf(set: Manifest): Manifest | undefined {
  const spec = isMap(set.value['spec']) ? set.value['spec'] : {}
  const held = spec['template']
  if (set.ref.kind !== 'ApplicationSet' || !isMap(held)) return undefined
  const metadata = isMap(held['metadata']) ? held['metadata'] : {}
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : set.ref.name
  const base = `${set.base}${template}`
  const { document, file, documentIndex } = set
  const value: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { ...metadata, name }, spec: held['spec'] }
  return {
    ref: { group: 'argoproj.io', kind: 'Application', namespace: set.ref.namespace, name },
    value, file, documentIndex, document, base,
    at: (pointer) => document.at(base + pointer),
    keyAt: (pointer) => document.keyAt(base + pointer),
    scalarAt: (pointer) => document.scalarAt(base + pointer),
  }
}

/** Whether an Application is one that an ApplicationSet makes: what is written goes into the template, for all of them. */
export function isTemplated(application: Manifest): boolean {
  return application.base.endsWith(template)
}

/** The Application, or the template of the ApplicationSet, that stands at the place of `application` among manifests read anew. */
export function sameApplication(manifests: readonly Manifest[], application: Manifest): Manifest | undefined {
  const inDocument = manifests.filter((one) => one.documentIndex === application.documentIndex)
  if (!isTemplated(application)) return inDocument.find((one) => one.base === application.base)
  const set = inDocument.find((one) => `${one.base}${template}` === application.base)
  return set === undefined ? undefined : templateOf(set)
}
