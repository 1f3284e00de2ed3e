import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alike } from './alike.ts'
import { knownWords } from './known-words.generated.ts'

const packages = new URL('../../../', import.meta.url)
const file = new URL('known-words.generated.ts', import.meta.url)

/** Comments first, so that quotes in them are none; a slash behind a value divides, any other one begins a regular expression. */
const pattern = /\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/[^\n]*|'(?<text>(?:[^'\\\n]|\\.)*)'|`(?<template>(?:[^`\\]|\\.)*)`|(?<=[(,=:[!&|?{};>]\s*|return )\/(?<regex>(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\//g

/** Every name-like word in the texts of a source that a value could be compared with: literals and templates without spaces (what has spaces is told to a person), and regular expressions. */
function wordsIn(source: string): readonly string[] {
  return [...source.matchAll(pattern)].flatMap(({ groups: { text, template, regex } = {} }) => {
    const literal = (text ?? template ?? regex ?? '').replaceAll(/\$\{[^}]*\}/g, ' $ ')
    if (/^(\.\.?\/|@rollsync\/)/.test(literal) || (regex === undefined && /\s/.test(literal.replaceAll(' $ ', '')))) return []
    // Some comparisons fold the case.
    return [...literal.toLowerCase().matchAll(/(?<![a-z0-9])[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![a-z0-9])/g)].map(([word]) => word)
  }).filter((word) => word.length > 4)
}

function sources(): readonly string[] {
  return ['manifests', 'rollouts', 'argocd', 'lbc', 'ignore'].flatMap((room) => {
    const folder = new URL(`${room}/src/`, packages)
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !/\.(test|test-d)\.ts$|(^|[/\\])(docs|fixtures)[/\\]/.test(name)).map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
  })
}

describe('a name that some code could compare with is no made-up one', () => {
  it('the list holds every such word of the controllers\' models (UPDATE_DOCS=1 writes it)', () => {
    const words = [...new Set(sources().flatMap(wordsIn))].sort()
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, generated(words))
    expect(words.filter((word) => !knownWords.has(word))).toEqual([])
    expect(words.length).toBeGreaterThan(500)
  })

  it('finds them in literals, templates and regular expressions, and not in what is told to a person or commented', () => {
    expect(wordsIn("if (name === 'canary-root') return `${x}-stable-y` // 'comment'\nconst a = /^(?:primary|other)$/; throw new Error('the worker failed'); /* 'block' */ x = y / 'nothing' / 2; 'camelCase'")).toEqual(['canary-root', 'stable-y', 'primary', 'other', 'nothing', 'camelcase'])
  })

  it('stays as it is, part of what is judged by itself', () => {
    for (const word of ['canary', 'kube-system', 'use-annotation', 'forward']) expect(alike({ name: word }, [word]).canonical()?.names).toEqual([])
    expect(alike({ name: 'checkout' }, ['checkout']).canonical()?.names).toHaveLength(1)
  })
})

function generated(words: readonly string[]): string {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length > 200) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return `// Written by known-words.test.ts with UPDATE_DOCS=1; do not edit.

/** Every name-like word that the models of the controllers hold in their code: a name that is one of them may mean something to them. */
export const knownWords: ReadonlySet<string> = new Set(\`
${lines.join('\n')}
\`.split(/\\s+/))
`
}
