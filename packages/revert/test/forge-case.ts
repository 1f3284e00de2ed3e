import { afterEach } from 'vitest'
import { type Answer, type Asked, type ForgeServer, serveForge } from './forge-server.ts'
import { type PodRepository, podRepository } from './pod-repository.ts'

// What each test of a forge begins with. Whatever it starts is gone after that test.
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

export async function start(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<ForgeServer> {
  const server = await serveForge(answer)
  cleanups.push(server.close)
  return server
}

export async function opened(): Promise<PodRepository> {
  const made = await podRepository()
  cleanups.push(made.bare.remove)
  return made
}

/** A request as a list, to be held beside that of a witness. */
export type Call = readonly [method: string, path: string, query: Readonly<Record<string, string>>, body: unknown]
export const callOf = ({ method, path, query, body }: Asked): Call => [method, path, query, body]
