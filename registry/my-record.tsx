/** @jsxImportSource hono/jsx */
import { type Registry, type RegistryContext, readForm } from './context'
import { renderPage } from './layout'
import { describeItem, SECTION_NAMES } from './records/description'
import { type Item, SECTIONS, type Section, type Visibility } from './records/item'
import { findSession } from './sessions'

// The labels of ORCID's own switches (orcid-angular, "Everyone", "Trusted parties", "Only me").
const VISIBILITIES: Record<Visibility, string> = {
  public: 'Everyone',
  limited: 'Trusted parties',
  private: 'Only me',
}

/** GET /my-orcid: all items of the person's own record, from every source, each with a delete button. */
export function answerMyRecord(registry: Registry, c: RegistryContext): Response | Promise<Response> {
  const session = findSession(registry, c)
  if (!session) return c.redirect('/signin', 303)
  const items = registry.store.shelf.itemsOf(session.person.orcid)
  const filled = SECTIONS.filter((section) => items.some((item) => item.section === section))
  return renderPage(
    c,
    { title: 'My record', session },
    <>
      <h1>My record</h1>
      {new URL(c.req.url).searchParams.has('deleted') && (
        <p class="notice" role="status">
          The item was deleted from your record.
        </p>
      )}
      <p>
        What is in your record, and who added it. You may delete anything, also what an organization added: it is not
        told.
      </p>
      {filled.length === 0 && <p>Your record is empty but for your name.</p>}
      {filled.map((section) => (
        <SectionCard key={section} section={section} items={items.filter((item) => item.section === section)} />
      ))}
    </>,
  )
}

function SectionCard({ section, items }: { section: Section; items: Item[] }) {
  const name = SECTION_NAMES[section]
  return (
    <section class="card" aria-label={name}>
      <h2>{name}</h2>
      <ul class="items">
        {items.map((item) => (
          <ItemLine key={item.putCode} item={item} />
        ))}
      </ul>
    </section>
  )
}

function ItemLine({ item }: { item: Item }) {
  const { title, organization, period } = describeItem(item)
  const details = [organization, period].filter((text) => text !== null)
  return (
    <li>
      <p>
        <strong>
          <bdi>{title}</bdi>
        </strong>
        {details.map((text) => (
          <>
            {' · '}
            <bdi>{text}</bdi>
          </>
        ))}
      </p>
      <p class="soft">
        Added by{' '}
        {item.source?.origin ? (
          <>
            <bdi>{item.source.origin.name}</bdi> via{' '}
          </>
        ) : null}
        {item.source ? <bdi>{item.source.name}</bdi> : 'you'} · Seen by: {VISIBILITIES[item.visibility]} · Put-code{' '}
        {item.putCode}
      </p>
      <form method="post" action="/my-orcid">
        <button type="submit" class="danger" name="put_code" value={String(item.putCode)}>
          Delete<span class="hidden"> {title}</span>
        </button>
      </form>
    </li>
  )
}

/** POST /my-orcid with `put_code`: deletes the item; the client that wrote it then gets 404. */
export async function answerDeletion(registry: Registry, c: RegistryContext): Promise<Response> {
  const session = findSession(registry, c)
  if (!session) return c.redirect('/signin', 303)
  const { shelf } = registry.store
  const item = shelf.find(session.person.orcid, Number((await readForm(c)).get('put_code')))
  if (!item) return c.redirect('/my-orcid', 303)
  shelf.remove(item)
  registry.store.changed()
  return c.redirect('/my-orcid?deleted', 303)
}
