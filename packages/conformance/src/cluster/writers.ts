import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoryWriter } from '@rollsync/ignore'
import type { KubeObject } from '@rollsync/manifests'
import type { Site } from './processes/site.ts'

/** Who wrote each version of an object, from the API server's audit log. */
export interface Writers {
  readonly of: (object: KubeObject) => StoryWriter
}

interface Line {
  readonly userAgent?: string
  readonly responseObject?: { readonly metadata?: { readonly resourceVersion?: string } }
}

/** Reads the log as it stands; a line is there at the latest a moment after its answer. */
export function readWriters({ folder }: Site): Writers {
  const path = join(folder, 'audit.log')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line.endsWith('}')) : []
  const agents = new Map(lines.map((line) => {
    const { userAgent = '', responseObject } = JSON.parse(line) as Line
    return [responseObject?.metadata?.resourceVersion ?? '', userAgent] as const
  }))
  return { of: ({ metadata }) => whoIs(agents.get(String(metadata['resourceVersion'])) ?? '') }
}

function whoIs(agent: string): StoryWriter {
  return agent.startsWith('argocd') ? 'Argo CD' : agent.startsWith('rollouts-controller') ? 'Rollouts' : 'a person'
}
