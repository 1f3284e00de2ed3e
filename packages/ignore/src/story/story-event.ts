import { isMap, type KubeObject } from '@rollsync/manifests'
import { describeEvent, type Event, type EventFault, parseEvents } from '@rollsync/rollouts'

/** A commit to Git. `patch` is an RFC 7386 patch of Git's object; `image` the first container's of a Rollout (absent: the Application's own). */
export type Commit =
  | { readonly do: 'commit'; readonly image: string; readonly rollout?: string }
  | { readonly do: 'commit'; readonly kind: string; readonly name: string; readonly patch: Readonly<Record<string, unknown>> }

/** What happens on a day: commits, which Argo CD then syncs, and everything that can happen in the cluster. */
export type StoryEvent = Commit | Event

/** The events of a JSON list, or what is wrong with it. */
export function parseStory(json: unknown): { readonly events: readonly StoryEvent[] } | { readonly faults: readonly EventFault[] } {
  if (!Array.isArray(json)) return { faults: [{ code: 'not-a-list', pointer: '', message: 'a story is a list of events' }] }
  const read = json.map((event: unknown, index) => (isMap(event) && event['do'] === 'commit' ? readCommit(event, `/${index}`) : placed(parseEvents([event]), `/${index}`)))
  const faults = read.flatMap((one) => ('faults' in one ? one.faults : []))
  return faults.length > 0 ? { faults } : { events: read.flatMap((one) => ('events' in one ? one.events : [])) }
}

type Read = { readonly events: readonly StoryEvent[] } | { readonly faults: readonly EventFault[] }

function placed(parsed: ReturnType<typeof parseEvents>, pointer: string): Read {
  return 'events' in parsed ? parsed : { faults: parsed.faults.map((fault) => ({ ...fault, pointer: pointer + fault.pointer.replace(/^\/0/, '') })) }
}

function readCommit(event: Readonly<Record<string, unknown>>, pointer: string): Read {
  const { image, kind, name, patch, rollout } = event
  if (typeof image === 'string' && (rollout === undefined || typeof rollout === 'string')) return { events: [{ do: 'commit', image, ...(rollout === undefined ? {} : { rollout }) }] }
  if (typeof kind === 'string' && typeof name === 'string' && isMap(patch)) return { events: [{ do: 'commit', kind, name, patch }] }
  return { faults: [{ code: 'ambiguous-form', pointer, message: 'a commit needs an image, or kind, name and patch' }] }
}

export function storyText(event: StoryEvent): string {
  if (event.do !== 'commit') return describeEvent(event)
  return 'image' in event ? `commit: image ${event.image}` : `commit: ${event.kind} ${event.name} changed`
}

/** The day that this project exists for: a release, a commit to another manifest and one to the Ingress while the canary rests at its first pause, an undo in the cluster, and the image back in Git. */
export function usualDay(rollout: KubeObject, objects: readonly KubeObject[], images: { readonly before: string; readonly after: string }): readonly StoryEvent[] {
  const service = objects.find((object) => object.kind === 'Service')
  const ingress = objects.find((object) => object.kind === 'Ingress')
  const rules = isMap(ingress?.['spec']) && Array.isArray(ingress['spec']['rules']) ? (ingress['spec']['rules'] as readonly unknown[]) : []
  const moved = rules.map((rule, index) => (index === 0 && isMap(rule) ? { ...rule, host: `new.${String(rule['host'] ?? 'example.com')}` } : rule))
  const { name } = rollout.metadata
  return [
    { do: 'commit', image: images.after, rollout: name },
    ...(service === undefined ? [] : [{ do: 'commit', kind: 'Service', name: service.metadata.name, patch: { metadata: { labels: { team: 'shop' } } } } as const]),
    ...(ingress === undefined ? [] : [{ do: 'commit', kind: 'Ingress', name: ingress.metadata.name, patch: { spec: { rules: moved } } } as const]),
    { do: 'undo', rollout: name },
    { do: 'commit', image: images.before, rollout: name },
  ]
}
