import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { exportColumns, isAlways, isUsual } from '@/lib/exports/column'
import { dnPlaceholders } from '@/lib/exports/dn'
import { exportFormats } from '@/lib/exports/format'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'

const field = 'min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3'

/** How the file is to be. A plain form whose answer is the file: the page stays, and the browser takes the file. */
export async function ExportForm({ filters }: { filters: ListFilters }) {
  const t = await getTranslations('staff.exports')
  return (
    <form method="get" action="/staff/researchers/export" className="card no-print space-y-6">
      {[...toSearchParams(filters)].map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <Formats />
      <details>
        <summary className="min-h-6 font-medium">{t('more')}</summary>
        <div className="mt-4 space-y-6">
          <div className="grid gap-x-6 gap-y-4 md:grid-cols-2 xl:grid-cols-[1fr_1fr_2fr]">
            <Choice name="separator" values={['comma', 'semicolon']} />
            <Choice name="bom" values={['yes', 'no']} />
            <label className="block space-y-1">
              <span className="block font-medium">{t('dn')}</span>
              <input
                name="dn"
                defaultValue="uid={local_id},ou=people,dc=example,dc=org"
                maxLength={500}
                spellCheck={false}
                autoComplete="off"
                aria-describedby="dn-hint"
                className={`${field} font-mono text-sm`}
              />
              <span id="dn-hint" className="note block">
                {t('dnHint', { placeholders: dnPlaceholders.map((name) => `{${name}}`).join(', ') })}
              </span>
            </label>
          </div>
          <Columns />
        </div>
      </details>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary px-6">
          <Download size={20} />
          {t('start')}
        </button>
        <p className="note max-w-[52ch] flex-1 basis-64">{t('startHint')}</p>
      </div>
    </form>
  )
}

async function Formats() {
  const t = await getTranslations('staff.exports')
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{t('format')}</legend>
      <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {exportFormats.map((format, i) => (
          <label
            key={format}
            className="flex items-start gap-3 rounded-lg border border-line-strong px-3 py-2.5 hover:bg-sunken has-checked:border-accent has-checked:bg-sunken"
          >
            <input
              type="radio"
              name="format"
              value={format}
              defaultChecked={i === 0}
              className="mt-1 size-4 shrink-0"
            />
            <span>
              <span className="block font-medium">{t(`formats.${format}.name`)}</span>
              <span className="note block">{t(`formats.${format}.hint`)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

async function Choice({ name, values }: { name: 'separator' | 'bom'; values: readonly string[] }) {
  const t = await getTranslations('staff.exports')
  return (
    <label className="block space-y-1">
      <span className="block font-medium">{t(`${name}.label`)}</span>
      <select name={name} className={field}>
        {values.map((value) => (
          <option key={value} value={value}>
            {t(`${name}.${value}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

async function Columns() {
  const t = await getTranslations('staff.exports')
  const always = exportColumns.filter(({ name }) => isAlways(name))
  const others = exportColumns.filter(({ name }) => !isAlways(name))
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{t('columns.label')}</legend>
      <p className="note max-w-[65ch]">
        {t('columns.always', { names: always.map(({ name }) => name).join(', ') })} {t('columns.words')}
      </p>
      {always.map(({ name }) => (
        <input key={name} type="hidden" name="column" value={name} />
      ))}
      <div className="grid gap-x-6 sm:grid-cols-2 xl:grid-cols-3">
        {others.map(({ name }) => (
          <label key={name} className="flex min-h-9 items-center gap-3">
            <input
              type="checkbox"
              name="column"
              value={name}
              defaultChecked={isUsual(name)}
              className="size-4 shrink-0"
            />
            <span>
              {t(`columns.names.${name}`)} <code className="text-ink-soft text-sm">{name}</code>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
