import { it } from 'vitest'
import { expectProven } from '../expect-proven.ts'

it('two canaries of two Applications keep one Ingress that a third deploys', async () => expectProven(import.meta.url))
