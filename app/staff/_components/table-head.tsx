type Props = { caption: string; heads: readonly string[] }

/** What a table is about, for those who do not see it, and the heads of its columns. */
export function TableHead({ caption, heads }: Props) {
  return (
    <>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
    </>
  )
}
