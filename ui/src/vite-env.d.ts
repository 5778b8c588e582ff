// Types of what Vite provides.
/// <reference types="vite/client" />
