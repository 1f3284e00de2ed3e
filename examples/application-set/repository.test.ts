import { it } from 'vitest'
import { expectProven } from '../expect-proven.ts'

it('every Application of the set keeps its canary', async () => expectProven(import.meta.url))
