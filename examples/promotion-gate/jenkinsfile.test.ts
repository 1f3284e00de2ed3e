import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findGroovy, type Steps } from './jenkins/groovy.ts'

const jenkinsfile = fileURLToPath(new URL('Jenkinsfile', import.meta.url))
const text = readFileSync(jenkinsfile, 'utf8')
const [, stage = ''] = /```groovy\n([^]*?)```/.exec(readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8')) ?? []
const variants = {
  docs: `pipeline {\nagent any\nstages {\n${stage}}\n}\n`,
  misspelt: text.replace('archiveArtifacts(', 'archiveArtefacts('),
  open: text.trimEnd().slice(0, -1),
}
const builds = {
  promote: { first: 'question', answer: 'promote', sh: '0' },
  rollback: { first: 'question', answer: 'rollback', sh: '1' },
  elsewhere: { first: 'gate', sh: '0' },
  'abort of the question': { first: 'question' },
  'abort of the gate': { first: 'gate', sh: 'interrupted' },
  'not carried out': { first: 'gate', sh: '3' },
  docs: {}, misspelt: { first: 'gate' }, open: {},
}
type Name = keyof typeof builds

const groovy = findGroovy()
if ('why' in groovy) console.warn(`The Jenkinsfiles were not parsed and not played: ${groovy.why}.`)
const scratch = mkdtempSync(join(tmpdir(), 'rollsync-jenkins-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe.skipIf('why' in groovy)(`the Jenkinsfiles, played by Groovy${'why' in groovy ? ` (not here: ${groovy.why})` : ''}`, () => {
  const played = new Map<Name, Steps>()
  beforeAll(() => {
    for (const [name, variant] of Object.entries(variants)) writeFileSync(join(scratch, name), variant)
    const names = Object.keys(builds) as Name[]
    const all = 'play' in groovy ? groovy.play(names.map((name) => ({ jenkinsfile: name in variants ? join(scratch, name) : jenkinsfile, given: { BUILD_NUMBER: '7', 'params.VERSION': '2', ...builds[name] } }))) : []
    for (const [index, name] of names.entries()) played.set(name, all[index] ?? [])
  }, 120_000)
  const stepsOf = (name: Name): readonly string[] => (played.get(name) ?? []).map(([step]) => step).filter((step) => !step.startsWith('env '))
  const valueOf = (name: Name, wanted: string): string | undefined => played.get(name)?.find(([step]) => step === wanted)?.[1]
  const gate = 'npx --yes rollsync@0.1.0 gate --rollout shop/web --image "$IMAGE" --application argocd/web --repo "$MANIFESTS" --decision "decision-$BUILD_NUMBER.txt" --deadline 30m'

  it.each([['promote', 'SUCCESS'], ['rollback', 'FAILURE: rolled back: the previous image is in Git again']] as const)('%s, the answer to the question, is written where the gate reads it, and its exit code makes the build a %s', (answer, outcome) => {
    expect(stepsOf(answer)).toEqual(['agent', 'stage', 'input', 'writeFile', 'sh', 'archiveArtifacts', 'outcome'])
    expect(['input', 'writeFile', 'sh', 'outcome'].map((step) => valueOf(answer, step))).toEqual(['Promote registry.example.com/web:2?', `decision-7.txt\n${answer} ann\n`, gate, outcome])
    expect(['IMAGE', 'MANIFESTS', 'ROLLSYNC_TOKEN'].map((name) => valueOf(answer, `env ${name}`))).toEqual(['registry.example.com/web:2', 'https://git.example.com/org/manifests.git', 'secret of manifests-token'])
  })

  it('the question goes away when the release is decided elsewhere', () => {
    expect([stepsOf('elsewhere'), valueOf('elsewhere', 'outcome')]).toEqual([['agent', 'stage', 'sh', 'archiveArtifacts', 'outcome'], 'SUCCESS'])
  })

  it.each([['abort of the question', 'ABORTED in input'], ['abort of the gate', 'ABORTED in sh']] as const)('an %s ends the build so, its state archived', (name, outcome) => {
    expect([valueOf(name, 'outcome'), valueOf(name, 'archiveArtifacts')]).toEqual([outcome, '.rollsync/gate-*'])
  })

  it('says of any other exit code where it is explained', () => {
    expect(valueOf('not carried out', 'outcome')).toBe('FAILURE: the gate ended with 3: docs/gate.md says what that means')
  })

  it('plays the stage of docs/ci.md', () => {
    expect([stepsOf('docs'), valueOf('docs', 'outcome')]).toEqual([['agent', 'stage', 'sh', 'junit', 'recordIssues', 'outcome'], 'SUCCESS'])
    expect(valueOf('docs', 'sh')).toContain(' check . ')
  })

  it('would notice a step that there is not, and a brace too few', () => {
    expect([valueOf('misspelt', 'outcome'), valueOf('open', 'outcome')]).toEqual([expect.stringMatching(/^REFUSED: .*archiveArtefacts/), expect.stringMatching(/^REFUSED: startup failed/)])
  })
})
