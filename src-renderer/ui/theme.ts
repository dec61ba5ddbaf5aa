import { createTheme, Menu, Modal, Tooltip } from '@mantine/core';

/**
 * Behaviour of the library's components. Colours, fonts and radii are in theme.css: the content
 * security policy forbids the style element that the library would write them into.
 */
export const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Locking the page's scroll writes a style element too; the page itself never scrolls.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
    Menu: Menu.extend({
      defaultProps: { position: 'bottom-end', shadow: 'md', transitionProps: { duration: 80 } },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, transitionProps: { duration: 80 } },
    }),
  },
});
