import { isMap, type Manifest, valueAt } from '@rollsync/manifests'
import type { Repository } from '../discover/repository.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'image-has-site',
    severity: 'warning',
    recommended: true,
    summary: 'The image of a Rollout stands in a file where a revert can write the former one',
    messages: {
      nowhere: 'neither {image} nor its tag stands in any file here: a revert finds no place for the former one',
    },
    hint: 'name the tag in the values file or the kustomization; the default of a template and the appVersion of a chart are no place that `rollsync revert` writes',
    threads: ['argoproj/argo-rollouts#3721'],
  },
  check({ canaries, repository, report }) {
    for (const { object, manifest } of new Set(canaries.map(({ scope }) => scope.rollout))) {
      const containers = valueAt(object, '/spec/template/spec/containers')
      for (const [index, container] of (Array.isArray(containers) ? (containers as readonly unknown[]) : []).entries()) {
        const image = isMap(container) ? container['image'] : undefined
        const pointer = `/spec/template/spec/containers/${index}/image`
        if (typeof image !== 'string' || image === '' || isOwn(manifest, pointer, image) || isWritten(repository, image)) continue
        report('nowhere', { manifest, pointer }, { image })
      }
    }
  },
})

export default rule

/** A manifest of the repository that holds the image itself, as most do; what a renderer printed is none. */
function isOwn(manifest: Manifest, pointer: string, image: string): boolean {
  return valueAt(manifest.value, pointer) === image && !/ \(as (?:helm|kustomize) renders it\)$/.test(manifest.file)
}

/** Whether the image, or what fixes it, is the whole of some value in the repository. An image without tag and digest has nothing to be found by. */
function isWritten(repository: Repository, image: string): boolean {
  const values = valuesOf(repository)
  const [, tag, digest] = /^.*?(?::([^:/@]+))?(?:@(.+))?$/.exec(image) ?? []
  return values.has(image) || (digest === undefined ? tag === undefined || values.has(tag) : values.has(digest))
}

const known = new WeakMap<Repository, ReadonlySet<string>>()

function valuesOf(repository: Repository): ReadonlySet<string> {
  const values = known.get(repository) ?? new Set(repository.documents.filter(({ file }) => !file.endsWith('Chart.yaml')).flatMap(({ value }) => [...scalarsIn(value)]))
  known.set(repository, values)
  return values
}

function* scalarsIn(value: unknown): Generator<string> {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* scalarsIn(inner)
  else if (typeof value === 'string' || typeof value === 'number') yield String(value)
}
