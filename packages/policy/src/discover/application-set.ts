import { isMap, type KubeObject, type Manifest } from '@rollsync/manifests'
import { generate, type Parameters } from './generators.ts'
import { fillTemplate } from './set-template.ts'

/** The Applications that an ApplicationSet makes of this repository, as manifests whose places are those of its template; or a sentence for each generator that could not be evaluated. */
export interface EvaluatedSet {
  readonly applications: readonly Manifest[]
  readonly notes: readonly string[]
}

export function isApplicationSet(manifest: Manifest): boolean {
  return manifest.ref.group === 'argoproj.io' && manifest.ref.kind === 'ApplicationSet'
}

/** Evaluates list, git, matrix and merge generators on the repository itself; `files` are its file names with their parsed documents, from the repository's root. */
export function evaluateSet(set: Manifest, files: ReadonlyMap<string, unknown>): EvaluatedSet {
  const spec = isMap(set.value['spec']) ? set.value['spec'] : {}
  const goTemplate = spec['goTemplate'] === true ? 'go' : 'fasttemplate'
  const generators: readonly unknown[] = Array.isArray(spec['generators']) ? spec['generators'] : []
  const notes: string[] = []
  if (spec['templatePatch'] !== undefined) notes.push(`ApplicationSet ${set.ref.name}: its templatePatch is not evaluated`)
  const rows = generators.flatMap((generator): readonly Parameters[] => {
    const made = generate(isMap(generator) ? generator : {}, files, goTemplate)
    if ('why' in made) notes.push(`ApplicationSet ${set.ref.name}: ${made.why}`)
    return 'why' in made ? [] : made.rows
  })
  const applications = rows.flatMap((row) => {
    const filled = fillTemplate(spec['template'], row, goTemplate)
    if ('why' in filled) notes.push(`ApplicationSet ${set.ref.name}: ${filled.why}`)
    return 'why' in filled ? [] : applicationOf(set, filled.value)
  })
  return { applications, notes: [...new Set(notes)] }
}

/** Every place of such an Application is one of the template: that is what a person edits. */
function applicationOf(set: Manifest, template: unknown): readonly Manifest[] {
  if (!isMap(template) || !isMap(template['metadata']) || typeof template['metadata']['name'] !== 'string') return []
  const metadata = { namespace: set.value.metadata.namespace ?? 'argocd', ...template['metadata'], name: template['metadata']['name'] }
  const value: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec: template['spec'] }
  const base = `${set.base}/spec/template`
  const { document, file, documentIndex } = set
  return [{
    ref: { group: 'argoproj.io', kind: 'Application', namespace: metadata.namespace, name: metadata.name },
    value, file, documentIndex, document, base,
    at: (pointer) => document.at(base + pointer),
    keyAt: (pointer) => document.keyAt(base + pointer),
    scalarAt: (pointer) => document.scalarAt(base + pointer),
  }]
}
