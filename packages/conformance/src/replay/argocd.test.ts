import { argocd } from '../kinds/argocd.ts'
import { replay } from './replay.ts'

replay(argocd)
