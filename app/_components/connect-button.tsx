import { IdIcon } from '@/app/_components/id-icon'

type Props = {
  label: string
  /** Hidden fields; a list is sent as one field a value. */
  fields?: Record<string, string | readonly string[]>
  quiet?: boolean
}

/** A form of one button that leads to ORCID. */
export function ConnectButton({ label, fields = {}, quiet = false }: Props) {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const))
  return (
    <form method="post" action="/connect/start">
      {pairs.map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <ConnectSubmit label={label} quiet={quiet} />
    </form>
  )
}

/** The button alone, with the iD icon, for a form with choices of its own. */
export function ConnectSubmit({ label, quiet = false }: Pick<Props, 'label' | 'quiet'>) {
  return (
    <button type="submit" className={quiet ? 'btn btn-quiet' : 'btn btn-primary min-h-12 px-5'}>
      <IdIcon authenticated size={24} />
      {label}
    </button>
  )
}
