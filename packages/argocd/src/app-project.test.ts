import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isAppNamespacePermitted, isDestinationPermitted, isKindPermitted, isSourcePermitted, normalizeGitUrl, type ProjectDestination, readAppProject, type ResourceRestriction, windowsOf } from './app-project.ts'

interface Recorded {
  readonly sources: readonly { readonly repos: readonly string[]; readonly repo: string; readonly answer: boolean }[]
  readonly destinations: readonly (ProjectDestination & { readonly destinations: readonly ProjectDestination[]; readonly answer: boolean })[]
  readonly kinds: readonly (ResourceRestriction & { readonly spec: object; readonly namespaced: boolean; readonly answer: boolean })[]
  readonly windows: readonly (ProjectDestination & { readonly windows: readonly object[]; readonly app: string; readonly answer: readonly number[] })[]
  readonly namespaces: readonly { readonly sourceNamespaces: readonly string[]; readonly application: string; readonly controllerNamespace: string; readonly answer: boolean }[]
  readonly urls: readonly (readonly [string, string])[]
}
const recorded = JSON.parse(readFileSync(new URL('fixtures/app-project.json', import.meta.url), 'utf8')) as Recorded

/** Cases that are answered otherwise than Go does; named so that a failure says which. */
function wrong<T extends { readonly answer: unknown }>(cases: readonly T[], answer: (one: T) => unknown): readonly T[] {
  return cases.filter((one) => JSON.stringify(answer(one)) !== JSON.stringify(one.answer))
}

describe("an AppProject permits what Argo CD's own code permits", () => {
  it('of sources', () => expect(wrong(recorded.sources, ({ repos, repo }) => isSourcePermitted({ sourceRepos: repos }, repo))).toEqual([]))

  it('of destinations', () => expect(wrong(recorded.destinations, (one) => isDestinationPermitted(one, one))).toEqual([]))

  it('of kinds', () => expect(wrong(recorded.kinds, (one) => isKindPermitted(readAppProject({ spec: one.spec }), one, one.namespaced ? 'namespaced' : 'cluster'))).toEqual([]))

  it('of namespaces of Applications; what is not known is said of an expression that does not compile alone', () => {
    const outside = recorded.namespaces.filter(({ application, controllerNamespace }) => application !== '' && application !== controllerNamespace)
    const answers = outside.map((one) => ({ ...one, given: isAppNamespacePermitted(one, one.application) }))
    const unknown = answers.filter(({ given }) => given === 'unknown')
    expect(wrong(answers.filter(({ given }) => given !== 'unknown'), ({ given }) => given === 'yes')).toEqual([])
    expect(unknown.filter(({ sourceNamespaces }) => !sourceNamespaces.includes('/(/'))).toEqual([])
    expect(Math.min(...['yes', 'no'].map((word) => answers.filter(({ given }) => given === word).length))).toBeGreaterThan(40)
    expect(unknown.length).toBeGreaterThan(0)
  })

  it('and its windows concern the same Applications', () => {
    expect(wrong(recorded.windows, (one) => windowsOf(readAppProject({ spec: { syncWindows: one.windows } }), { name: one.app, destination: one }))).toEqual([])
  })

  it.each(recorded.urls.filter(([url]) => url !== 'a@b@c:d'))('and %j is known as %j', (url, known) => expect(normalizeGitUrl(url)).toBe(known))

  it.each(['/(?i)TEAM/', '/\\Ateam\\z/', '/(?>team)/', '/(?#all).*/', '/(/'])('and an expression that may mean another thing here is unknown: %s', (pattern) => {
    expect([isAppNamespacePermitted({ sourceNamespaces: [pattern] }, 'x'), isAppNamespacePermitted({ sourceNamespaces: [pattern, 'x'] }, 'x')]).toEqual(['unknown', 'yes'])
  })

  it('of both answers the record holds many', () => {
    for (const cases of [recorded.sources, recorded.destinations, recorded.kinds]) expect(Math.min(...[true, false].map((answer) => cases.filter((one) => one.answer === answer).length))).toBeGreaterThan(40)
  })
})
