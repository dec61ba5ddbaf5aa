import { z } from 'zod';

// Zod's fast path compiles code, which the content security policy forbids and would report.
z.config({ jitless: true });
