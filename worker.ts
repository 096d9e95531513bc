import { existsSync } from 'node:fs'
import { bootWorker } from '@/lib/process/boot'

/** `npm run worker`: does the jobs, for a portal that runs with `WORKER=none`. */
if (existsSync('.env')) process.loadEnvFile('.env')
await bootWorker()
process.exit(0)
