import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Fragment, type ReactNode, type Ref, useRef, useState } from 'react';

type MenuAction = {
  key: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  run: () => void;
};

type Props = { label: string; actions: readonly MenuAction[]; tabIndex?: number };

type AnchorProps = { label: string; id?: string; ref?: Ref<HTMLSpanElement> };

/** Where the menu hangs and what it is named after; takes no other attribute of the library. */
function Anchor({ label, id, ref }: AnchorProps) {
  return (
    <span ref={ref} id={id} className="menu-anchor">
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

function Items({ actions }: { actions: readonly MenuAction[] }) {
  return actions.map((action, index) => (
    <Fragment key={action.key}>
      {action.danger && index > 0 ? <Menu.Divider /> : null}
      <Menu.Item
        leftSection={action.icon}
        {...(action.danger ? { color: 'var(--bad)' } : {})}
        onClick={action.run}
      >
        {action.label}
      </Menu.Item>
    </Fragment>
  ));
}

/**
 * The kebab menu of a row or page. The menu itself is built only while it is open: a list draws
 * dozens of these buttons for each one that is used.
 */
export function ActionMenu({ label, actions, tabIndex = 0 }: Props) {
  const [opened, setOpened] = useState(false);
  // Pressing the button while the menu is open closes it by itself; the click must not open it again.
  const wasOpen = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpened(false);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <span className="menu-holder">
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={opened}
        tabIndex={tabIndex}
        onPointerDown={() => {
          wasOpen.current = opened;
        }}
        onClick={(event) => {
          event.stopPropagation();
          setOpened(!wasOpen.current);
          wasOpen.current = false;
        }}
      >
        <IconDots size={18} />
      </button>
      {opened ? (
        <Menu opened onClose={close} returnFocus={false}>
          <Menu.Target>
            <Anchor label={label} />
          </Menu.Target>
          <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
            <Items actions={actions} />
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </span>
  );
}
