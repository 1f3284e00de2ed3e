import { templateHolder } from '@rollsync/ignore'
import { type KubeObject, valueAt } from '@rollsync/manifests'
import { type Event, happyPath, nextImage, parseEvents, type World } from '@rollsync/rollouts'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'

export interface ScriptWish {
  readonly image?: string
  readonly events?: string
  readonly pods: 'ready' | 'slow' | 'stuck' | 'crash'
}

/** The events of a simulation: those of a file, or the happy path of the new image with pods that behave as asked. */
export async function scriptOf(rollout: KubeObject, world: World, wish: ScriptWish, io: Io): Promise<readonly Event[]> {
  if (wish.events !== undefined) return readEvents(wish.events, io)
  const image = wish.image ?? nextImage(String(valueAt(templateHolder(world, rollout), '/spec/template/spec/containers/0/image') ?? 'app:1'))
  const path = happyPath(rollout, image)
  const deadline = Number(valueAt(rollout, '/spec/progressDeadlineSeconds') ?? 600)
  switch (wish.pods) {
    case 'ready': return path
    case 'slow': return [{ do: 'pods', image, state: 'slow' }, path[0] as Event, { do: 'wait', seconds: 30 }, { do: 'pods', image, state: 'ready' }, ...path.slice(1)]
    case 'stuck': return [{ do: 'pods', image, state: 'slow' }, path[0] as Event, { do: 'wait', seconds: deadline + 1 }]
    case 'crash': return [path[0] as Event, { do: 'pods', image, state: 'crash' }, { do: 'wait', seconds: deadline + 1 }]
    default: return wish.pods satisfies never
  }
}

async function readEvents(file: string, io: Io): Promise<readonly Event[]> {
  const text = new TextDecoder().decode(await io.read(file).catch((cause: unknown) => {
    throw new CliError('UNREADABLE', `${file}: cannot be read`, { hint: 'docs/simulate.md describes the format', cause })
  }))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new CliError('BAD_EVENTS', `${file}: not JSON: ${(cause as Error).message}`, { hint: 'a list of events, as docs/simulate.md describes', cause })
  }
  const parsed = parseEvents(json)
  if ('events' in parsed) return parsed.events
  const [first] = parsed.faults
  throw new CliError('BAD_EVENTS', `${file}: ${first?.pointer ?? ''}: ${first?.message ?? 'not a list of events'}`, { hint: 'docs/simulate.md describes the format' })
}
