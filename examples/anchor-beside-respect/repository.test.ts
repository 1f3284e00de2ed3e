import { it } from 'vitest'
import { expectProven } from '../expect-proven.ts'

it('the Ingress has an Application of its own, without the option that would freeze it', async () => expectProven(import.meta.url))
