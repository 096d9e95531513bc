import type { Hono } from 'hono'
import { z } from 'zod'
import { readAdminJson } from './admin'
import type { Registry, RegistryBindings } from './context'
import { personSchema } from './people'
import { itemSchema } from './records/item'
import { makeItemsOf, recordSchema } from './records/starting-items'
import { tokenSchema } from './state'

/**
 * People of another program, with their records, tokens and the items that organizations wrote. `set` names the program
 * and its database.
 */
export const populationSchema = z.strictObject({
  set: z.string().min(1),
  people: z.array(personSchema.extend({ record: recordSchema })),
  tokens: z.array(tokenSchema),
  items: z.array(itemSchema),
})

/** Lets a program add its people, so that both have the same ones. */
export function addPeopleAdminRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  app.get('/_admin/people', (c) => {
    const { added, tokens } = registry.store
    return c.json({ set: added.set, people: added.people.size, tokens: tokens.size })
  })
  app.put('/_admin/people', async (c) => {
    const population = await readAdminJson(c, populationSchema)
    if (population instanceof Response) return population
    replaceState(registry, population)
    return c.body(null, 204)
  })
}

/** Replaces everything except the signing key, because tokens and items depend on their people. */
function replaceState({ store }: Registry, { set, people, tokens, items }: z.output<typeof populationSchema>): void {
  store.clear()
  store.added.set = set
  for (const { record, ...person } of people) {
    store.added.people.set(person.orcid, person)
    for (const item of makeItemsOf(person.orcid, record)) store.shelf.add(item)
  }
  for (const token of tokens) store.tokens.set(token.accessToken, token)
  for (const item of items) store.shelf.addNumbered(item)
  store.changed()
}
