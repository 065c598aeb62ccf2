with Ada.Text_IO; use Ada.Text_IO;

procedure Alloc is
   type Block is array (1 .. 1_048_576) of Character;
   type Block_Access is access Block;
   Blocks : array (1 .. 2_048) of Block_Access;
begin
   for I in Blocks'Range loop
      --  Filled, because only memory that is touched is memory in use.
      Blocks (I) := new Block'(others => 'x');
   end loop;
   Put_Line (Blocks'Length'Image);
end Alloc;
