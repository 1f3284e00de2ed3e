import { it } from 'vitest'
import { expectProven } from '../expect-proven.ts'

it('a canary by weights on two Ingresses needs no rule', async () => expectProven(import.meta.url))
