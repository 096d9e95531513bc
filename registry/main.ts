import { z } from 'zod'
import { RECEIVERS } from './receivers'
import { startRegistry } from './server'

const environmentSchema = z.object({
  REGISTRY_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  REGISTRY_HOST: z.string().min(1).default('127.0.0.1'),
  REGISTRY_STATE: z.string().min(1).optional(),
  REGISTRY_ISSUER: z.url().optional(),
  REGISTRY_CLIENT_ID: z.string().min(1),
  REGISTRY_CLIENT_SECRET: z.string().min(1),
  REGISTRY_REDIRECT_URIS: z.string().transform((text) => text.split(/\s+/).filter(Boolean)),
})

// Empty variables count as absent, because Compose files and shells set them so.
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
const environment = environmentSchema.safeParse(given)
if (!environment.success) {
  console.error(z.prettifyError(environment.error))
  process.exit(1)
}

const registry = await startRegistry({
  port: environment.data.REGISTRY_PORT,
  host: environment.data.REGISTRY_HOST,
  stateFile: environment.data.REGISTRY_STATE,
  issuer: environment.data.REGISTRY_ISSUER?.replace(/\/$/, ''),
  clients: [
    {
      id: environment.data.REGISTRY_CLIENT_ID,
      secret: environment.data.REGISTRY_CLIENT_SECRET,
      name: 'University of Example',
      description: 'The portal in which members of the University of Example connect their ORCID iDs.',
      redirectUris: environment.data.REGISTRY_REDIRECT_URIS,
      kind: 'member',
    },
    ...RECEIVERS,
  ],
})
console.log(JSON.stringify({ registry: registry.url }))

async function stop(): Promise<void> {
  await registry.close()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
