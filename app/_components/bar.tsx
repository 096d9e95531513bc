/** A share of a whole, from 0 to 1, for the eye alone: the words and numbers beside it say the same. */
export function Bar({ share }: { share: number }) {
  return (
    <div aria-hidden="true" className="mt-1 h-2.5 rounded-sm border border-line-strong bg-sunken">
      <div className="h-full rounded-xs bg-accent print:bg-black" style={{ width: `${100 * share}%` }} />
    </div>
  )
}
