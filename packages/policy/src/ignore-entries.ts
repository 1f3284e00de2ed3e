import type { IgnoreDifference } from '@rollsync/argocd'
import { isMap } from '@rollsync/manifests'
import type { ApplicationScope } from './discover/repository.ts'

/** The entries of an Application's `spec.ignoreDifferences` with their places; what is no map is left out. */
export function entriesOf(application: ApplicationScope): readonly { readonly rule: IgnoreDifference; readonly pointer: string }[] {
  const spec = isMap(application.manifest.value['spec']) ? application.manifest.value['spec'] : {}
  const entries: readonly unknown[] = Array.isArray(spec['ignoreDifferences']) ? spec['ignoreDifferences'] : []
  const places = entries.flatMap((entry, index) => (isMap(entry) ? [`/spec/ignoreDifferences/${index}`] : []))
  return application.spec.ignoreDifferences.map((rule, index) => ({ rule, pointer: places[index] ?? '/spec/ignoreDifferences' }))
}
