export type Bar = {
  label: string;
  /** What the bar's length stands for; null = nothing measured. */
  value: number | null;
  text: string;
  tone?: 'accent' | 'good' | 'bad';
};

type Props = { caption: string; measure: string; bars: readonly Bar[] };

/** A bar chart that is a table: its numbers can be read without its bars. */
export function Bars({ caption, measure, bars }: Props) {
  const greatest = Math.max(...bars.map(({ value }) => value ?? 0), Number.EPSILON);
  return (
    <table className="bars">
      <caption>{caption}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">{measure}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ label, value, text, tone = 'accent' }) => (
          <tr key={label}>
            <th scope="row" className="ellipsis" title={label}>
              {label}
            </th>
            <td>
              <div className="bar-cell">
                <svg
                  className="metric-bar"
                  height="10"
                  width="100%"
                  aria-hidden="true"
                  focusable="false"
                >
                  <rect
                    className="bar-fill"
                    data-tone={tone}
                    height="10"
                    rx="2"
                    width={`${((value ?? 0) / greatest) * 100}%`}
                  />
                </svg>
                <span className="bar-text">{text}</span>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
