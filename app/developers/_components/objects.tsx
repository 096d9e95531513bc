import { useTranslations } from 'next-intl'
import { Names } from '@/app/developers/_components/names'
import type { ApiDocument } from '@/app/developers/_components/operations'

type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  items?: Schema
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
}

/** The objects of the document, with their fields. */
export function Objects({ document }: { document: ApiDocument }) {
  const t = useTranslations('developers')
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>
  return (
    <section aria-labelledby="objects" className="space-y-4">
      <h2 id="objects">{t('objects')}</h2>
      <ul className="gap-x-8 sm:columns-2">
        {Object.keys(schemas).map((name) => (
          <li key={name}>
            <a href={`#${name}`} className="mono inline-block min-h-6" translate="no">
              {name}
            </a>
          </li>
        ))}
      </ul>
      {Object.entries(schemas).map(([name, schema]) => (
        <article key={name} id={name} className="card space-y-3">
          <h3 className="mono" translate="no">
            {name}
          </h3>
          <Names of={toFields(schema)} />
        </article>
      ))}
    </section>
  )
}

/** With those of inner objects, as paths. */
function toFields({ properties = {}, required = [] }: Schema, before = ''): Parameters<typeof Names>[0]['of'] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${before}${name}`
    const inner = field.properties ? field : field.items?.properties ? field.items : null
    const own = { name: path, type: typeOf(field), isRequired: required.includes(name), text: field.description }
    return [own, ...(inner ? toFields(inner, `${path}.`) : [])]
  })
}

function typeOf({ $ref, type, enum: values, items, anyOf }: Schema): string {
  if ($ref) return $ref.split('/').at(-1) ?? ''
  if (values) return values.join(' | ')
  if (items) return `array of ${typeOf(items)}`
  if (anyOf) return anyOf.map(typeOf).join(' | ')
  return [type ?? []].flat().join(' | ')
}
