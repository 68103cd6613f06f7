"""What stands around the app: the launcher (standard library only), the benchmark, the screenshots."""
