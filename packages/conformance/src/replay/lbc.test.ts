import { lbc } from '../kinds/lbc.ts'
import { replay } from './replay.ts'

replay(lbc)
