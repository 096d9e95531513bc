import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { SelectMenu } from '@/app/staff/_components/fields'
import { choicesOf } from '@/lib/imports/columns'
import { encodings } from '@/lib/imports/encoding'
import type { ShownImport } from '@/lib/imports/queries'

/** How the file was read: its encoding with a line to judge it by, the order of its dates, and what each column means. */
export async function ImportReading({ found }: { found: ShownImport }) {
  const t = await getTranslations('staff.imports')
  const { id, encoding, encodingIsSure, example, dateOrder, dateOrders, header, mapping, kind, otherSheets } = found
  if (header.length === 0 && !encoding) return null
  const isAsked = dateOrders.length > 0 && !dateOrder
  const meaningsOf = (mapped: string | undefined) =>
    choicesOf(kind, mapped).map((field) => ({ value: field, words: t(`fields.${field}`) }))
  // Our own file of refused rows has a column that says why.
  const unused = header.filter((name, index) => name && name !== 'reason' && !mapping[index])
  const lacksNumber = kind === 'people' && !found.fault && !mapping.includes('local_id')
  return (
    <section aria-labelledby="reading" className="space-y-3">
      <h2 id="reading">{t('reading')}</h2>
      {otherSheets.length > 0 ? <Notice>{t('otherSheets', { names: otherSheets.join(', ') })}</Notice> : null}
      {lacksNumber ? (
        <Notice tone="warn">
          <p className="font-medium">{t('noNumber')}</p>
          {unused.length > 0 ? <p>{t('noNumberUnused', { names: unused.join(', ') })}</p> : null}
        </Notice>
      ) : unused.length > 0 ? (
        <Notice>{t('unused', { names: unused.join(', ') })}</Notice>
      ) : null}
      {example && !encodingIsSure ? (
        <Notice tone="warn">
          <p>{t('encodingUnsure', { encoding: encoding ?? '' })}</p>
          <p>
            <q className="[overflow-wrap:anywhere]">{example}</q>
          </p>
        </Notice>
      ) : null}
      {isAsked ? <Notice tone="warn">{t('datesAsked')}</Notice> : null}
      <details
        className="card"
        open={isAsked || Boolean(found.fault) || !encodingIsSure || (lacksNumber && unused.length > 0)}
      >
        <summary className="min-h-6 font-semibold">{t('change')}</summary>
        <form method="post" action="/staff/import/reading" className="mt-4 space-y-4">
          <input type="hidden" name="import" value={id} />
          <div className="grid gap-4 sm:grid-cols-2">
            {encoding ? (
              <SelectMenu
                name="encoding"
                label={t('encoding')}
                options={encodings.map((each) => ({ value: each, words: each }))}
                value={encoding}
              />
            ) : null}
            {dateOrders.length > 0 ? (
              <SelectMenu
                name="order"
                label={t('dates')}
                any={t('orders.none')}
                options={dateOrders.map((order) => ({ value: order, words: t(`orders.${order}`) }))}
                value={dateOrder}
              />
            ) : null}
          </div>
          <fieldset className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
            <legend className="mb-2 font-semibold">{t('columns')}</legend>
            {header.map((name, index) => (
              <SelectMenu
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity, and their names may repeat
                key={index}
                name="column"
                label={name || t('column', { number: index + 1 })}
                any={t('fields.none')}
                options={meaningsOf(mapping[index])}
                value={mapping[index] ?? null}
              />
            ))}
          </fieldset>
          <button type="submit" className="btn btn-quiet">
            {t('readAgain')}
          </button>
        </form>
      </details>
    </section>
  )
}
