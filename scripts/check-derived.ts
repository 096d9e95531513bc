import { existsSync } from 'node:fs'
import { databaseClient } from '@/lib/database/connection'
import { listDerivedFaults } from '@/lib/grants/derived'
import { fail } from '@/scripts/failure'
import { readVariable } from '@/scripts/variables'

// `npm run check:derived` says where what is kept on researchers' rows differs from what it follows from.
if (existsSync('.env')) process.loadEnvFile('.env')
try {
  const client = databaseClient(readVariable('DATABASE_URL') ?? '', { application_name: 'concord check' })
  await client.connect()
  const faults = await listDerivedFaults(client).finally(() => client.end())
  for (const { of, column, kept, derived } of faults) {
    console.error(`${of}: ${column} is ${JSON.stringify(kept)} and should be ${JSON.stringify(derived)}`)
  }
  console.log(faults.length === 0 ? 'All that is derived agrees with what it follows from' : 'Not all of it agrees')
  process.exitCode = faults.length === 0 ? 0 : 1
} catch (error) {
  fail(error, 2)
}
