import type { Ingress } from './ingress.ts'
import type { Quirk } from './quirk.ts'
import type { State } from './state.ts'
import { objectsOf } from './world.ts'

/** The quirks that a state shows: those noted while it settled, and those that only the state as a whole shows. */
export function notesOf(state: Omit<State, 'notes'>, noted: readonly Quirk[], before: State | undefined): readonly Quirk[] {
  void before
  const all: Quirk[] = [...noted]
  if (state.cycle !== undefined) for (const name of new Set(state.cycle.writes.filter(({ to }) => to.kind === 'Ingress').map(({ to }) => to.name))) all.push({ id: 'flapping', on: `Ingress ${name}` })
  for (const name of new Set((state.everySync ?? []).map(({ to }) => `${to.kind} ${to.name}`))) all.push({ id: 'hot-loop', on: name })
  for (const ingress of objectsOf(state.world, 'Ingress') as readonly Ingress[]) if (hasPathWithoutAction(ingress)) all.push({ id: 'route-without-annotations', on: `Ingress ${ingress.metadata.name}` })
  return [...new Map(all.map((quirk) => [`${quirk.id} ${quirk.on}`, quirk])).values()]
}

function hasPathWithoutAction(ingress: Ingress): boolean {
  const actions = new Set(Object.keys(ingress.metadata.annotations ?? {}).flatMap((key) => (key.includes('/actions.') ? [key.slice(key.indexOf('/actions.') + '/actions.'.length)] : [])))
  return (ingress.spec.rules ?? []).some((rule) => (rule.http?.paths ?? []).some(({ backend }) => backend.service?.port['name'] === 'use-annotation' && !actions.has(backend.service.name) && actions.size > 0))
}
