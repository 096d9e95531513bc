// Preloaded into what npm starts and what must not outlive it: npm passes no signal on to the process below its shell.
import { onceNpmIsGone } from './under-npm.mjs'

onceNpmIsGone(() => process.kill(process.pid, 'SIGTERM'))
