import { Component, type ReactNode } from 'react';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';

type Props = { children: ReactNode };
type State = { failure: string | null };

/** Keeps a view that cannot be shown, such as one whose script is missing, from taking the whole window with it. */
export class ViewBoundary extends Component<Props, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <div className="page-body">
        <ErrorPanel
          message="Berth could not show this page."
          cause={failure}
          hint="If it stays, Berth’s installation is not complete. The other pages still work."
          // A script that failed once is not asked for again by the same document.
          fix={{ label: 'Load the window again', run: () => window.location.reload() }}
        />
      </div>
    );
  }
}
