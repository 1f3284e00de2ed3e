import { expect, it } from 'vitest'
import { globMatches } from './glob.ts'

it.each([
  ['*', '', true], ['*', 'apps', true], ['', '', true], ['', 'apps', false], ['*.k8s.io', 'networking.k8s.io', true], ['*.k8s.io', 'apps', false], ['networking.k8s.io', 'networkingxk8s.io', false],
  ['Ingres?', 'Ingress', true], ['[IS]*', 'Service', true], ['[!IS]*', 'Service', false], ['{Ingress,Service}', 'Service', true], ['{Ingress,Service}', 'Rollout', false],
  ['ingress', 'Ingress', false], ['[', '[', false], ['{a', '{a', false], ['a\\*', 'a*', true], ['a\\*', 'ab', false],
])('%j against %j: %s', (pattern, text, matches) => {
  expect(globMatches(pattern, text)).toBe(matches)
})
