import { applyMergePatch, isMap, type KubeObject, type Manifest, type Pointer, pointerTokens, valueAt } from '@rollsync/manifests'
import { asText } from './as-text.ts'
import { generate } from './generators.ts'
import type { RepositoryContent } from './git-generator.ts'
import { readYaml } from './read-yaml.ts'
import { fillTemplate, type Parameters, replace, type TemplateKind, unfilled } from './set-template.ts'

/** The Applications that an ApplicationSet makes of this repository, as manifests whose places are those of its template; or a sentence for each generator that could not be evaluated. */
export interface EvaluatedSet {
  readonly applications: readonly Manifest[]
  readonly notes: readonly string[]
}

export function isApplicationSet(manifest: Manifest): boolean {
  return manifest.ref.group === 'argoproj.io' && manifest.ref.kind === 'ApplicationSet'
}

/** Evaluates list, git, matrix and merge generators on the repository itself. */
export function evaluateSet(set: Manifest, content: RepositoryContent): EvaluatedSet {
  const spec = isMap(set.value['spec']) ? set.value['spec'] : {}
  const options: readonly unknown[] = Array.isArray(spec['goTemplateOptions']) ? spec['goTemplateOptions'] : []
  const kind: TemplateKind = spec['goTemplate'] === true ? { kind: 'go', options: options.map(asText) } : { kind: 'fasttemplate' }
  const generators: readonly unknown[] = Array.isArray(spec['generators']) ? spec['generators'] : []
  const notes = new Set<string>()
  const note = (why: string): void => void notes.add(`${set.file}: ApplicationSet ${set.ref.name}: ${why}`)
  const applications = generators.flatMap((one, index) => {
    const generator = isMap(one) ? one : {}
    const made = generate(generator, content, kind)
    if ('why' in made) note(made.why)
    const template = templateOf(spec['template'], generator, index)
    return 'why' in made ? [] : made.rows.flatMap((row) => {
      const filled = applicationFrom(template.value, spec['templatePatch'], row, kind)
      if (filled.why !== undefined) note(filled.why)
      return filled.value === undefined ? [] : manifestOf(set, filled.value, { ...template, patched: filled.patched })
    })
  })
  return { applications, notes: [...notes] }
}

interface Template {
  readonly value: unknown
  /** JSON Pointer, from the ApplicationSet on, of the template that the generator itself brings; it is empty where it brings none. */
  readonly own: Pointer
}

const holders = ['list', 'git', 'matrix', 'merge'] as const

// generator_spec_processor.go mergeGeneratorTemplate: what the generator's own template leaves empty is taken from the common one
function templateOf(common: unknown, generator: Readonly<Record<string, unknown>>, index: number): Template {
  const name = holders.find((one) => isMap(generator[one]))
  const holder = name === undefined ? undefined : generator[name]
  const own = isMap(holder) ? holder['template'] : undefined
  return isMap(own) ? { value: completed(own, common), own: `/spec/generators/${index}/${name ?? ''}/template` } : { value: common, own: '' }
}

function completed(value: unknown, from: unknown): unknown {
  if (isMap(value) && isMap(from)) return Object.fromEntries([...new Set([...Object.keys(from), ...Object.keys(value)])].map((key) => [key, completed(value[key], from[key])]))
  const empty = value === undefined || value === null || value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0)
  return empty ? (from ?? value) : value
}

interface Made {
  readonly value: Readonly<Record<string, unknown>> | undefined
  /** What the templatePatch wrote. */
  readonly patched: unknown
  readonly why?: string
}

function applicationFrom(template: unknown, templatePatch: unknown, row: Parameters, kind: TemplateKind): Made {
  const filled = fillTemplate(template, row, kind)
  if (filled.why !== undefined) return { value: undefined, patched: undefined, why: filled.why }
  const patch = typeof templatePatch === 'string' ? patchOf(templatePatch, row, kind) : { value: undefined }
  if ('why' in patch) return { value: undefined, patched: undefined, why: patch.why }
  const value = patch.value === undefined ? filled.value : withProject(applyMergePatch(filled.value, patch.value), filled.value)
  const left = unfilled(value)
  return { value: isMap(value) ? value : undefined, patched: patch.value, ...(left === undefined ? {} : { why: `${left} names no parameter of the generator, and stays in what is generated` }) }
}

// template/patch.go: a strategic merge patch, in which an Application has no list that is merged but its finalizers
function patchOf(text: string, row: Parameters, kind: TemplateKind): { readonly value: unknown } | { readonly why: string } {
  const filled = replace(text, row, kind)
  if ('why' in filled) return { why: `its templatePatch is not evaluated (${filled.why})` }
  const read = readYaml(filled.text)
  return 'why' in read ? { why: `its templatePatch is not evaluated (${read.why})` } : { value: read.value ?? {} }
}

/** patch.go: the patch cannot move an Application to another project. */
function withProject(patched: unknown, before: unknown): unknown {
  if (!isMap(patched) || !isMap(patched['spec'])) return patched
  return { ...patched, spec: { ...patched['spec'], project: valueAt(before, '/spec/project') } }
}

interface Origin extends Template {
  readonly patched: unknown
}

/** Every place of such an Application is one of the template that wrote it: that is what a person edits. What a templatePatch wrote stands in its text. */
function manifestOf(set: Manifest, template: Readonly<Record<string, unknown>>, origin: Origin): readonly Manifest[] {
  if (!isMap(template['metadata']) || typeof template['metadata']['name'] !== 'string') return []
  // template.go: always in the namespace of the ApplicationSet
  const metadata = { ...template['metadata'], namespace: set.value.metadata.namespace ?? 'argocd', name: template['metadata']['name'] }
  const value: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec: template['spec'] }
  const base = `${set.base}/spec/template`
  const { document, file, documentIndex } = set
  const isPatched = (pointer: Pointer): boolean => touches(origin.patched, pointer)
  const placed = (pointer: Pointer): Pointer => (isPatched(pointer) ? `${set.base}/spec/templatePatch` : origin.own !== '' && valueAt(set.value, origin.own + pointer) !== undefined ? `${set.base}${origin.own}${pointer}` : base + pointer)
  return [{
    ref: { group: 'argoproj.io', kind: 'Application', namespace: metadata.namespace, name: metadata.name },
    value, file, documentIndex, document, base,
    at: (pointer) => document.at(placed(pointer)),
    keyAt: (pointer) => document.keyAt(placed(pointer)),
    scalarAt: (pointer) => (isPatched(pointer) ? undefined : document.scalarAt(placed(pointer))),
  }]
}

/** Whether a merge patch wrote what a pointer names, or a list around it. */
function touches(patch: unknown, pointer: Pointer): boolean {
  let value = patch
  for (const token of pointerTokens(pointer)) {
    if (!isMap(value)) return value !== undefined
    value = value[token]
  }
  return value !== undefined && !isMap(value)
}
