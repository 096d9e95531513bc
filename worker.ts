import { existsSync } from 'node:fs'
import { bootWorker } from '@/lib/process/boot'
import { keepHeapSmall } from '@/lib/process/heap'

/** `npm run worker`: does the jobs, for a portal that runs with `WORKER=none`. */
keepHeapSmall()
if (existsSync('.env')) process.loadEnvFile('.env')
await bootWorker()
process.exit(0)
